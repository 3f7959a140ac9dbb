// With --bare a process has what it was given, and nothing else: no file, no keychain, no helper, no agent.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs } from '../support/stage.mjs';

const given = 'sk-ant-api03-given-to-this-process';

// hearth where it can open nothing, connect to nobody and start nothing.
function enclosed(stage, words, options) {
    return stage.run(process.env.CLOSED_WORLD, [programs.hearth, ...words], options);
}

test('a credential is handed out without opening anything or asking anybody', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const env = { ANTHROPIC_API_KEY: given };
    for (const [words, wanted] of [
        [['token', 'claude', '--bare'], `${given}\n`],
        [['token', 'work', '--bare', '--provider', 'claude'], `${given}\n`],
        [['headers', 'claude', '--bare', '--url', 'https://api.anthropic.com/v1/messages'], `x-api-key: ${given}\nanthropic-version: 2023-06-01\n`],
    ])
        assert.equal(expectStatus(await enclosed(stage, words, { env }), 0).stdout, wanted);
    const { steps } = JSON.parse(expectStatus(await enclosed(stage, ['explain', 'claude', '--bare', '--json'], { env }), 0).stdout);
    assert.deepEqual(steps.filter((step) => step.used).map((step) => step.source), ['ANTHROPIC_API_KEY']);
    assert.match(steps.find((step) => step.source === 'session').why, /--bare does not look there/);
    assert.deepEqual(readdirSync(stage.home), [], 'something was written');

    const open = await enclosed(stage, ['token', 'claude'], { env });
    assert.equal(open.signal, 'SIGSYS', 'without --bare it has to be seen that something is opened');
});

test('a descriptor counts as given, and comes in its place in the order', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const file = stage.file('given', 'from-a-descriptor\n');
    const run = (words) => stage.run('sh', ['-c', `exec 3<'${file}'; HEARTH_TOKEN_FD=3 exec '${process.env.CLOSED_WORLD}' '${programs.hearth}' ${words}`], { env: { ANTHROPIC_API_KEY: given } });
    const answer = JSON.parse(expectStatus(await run('token claude --bare --json'), 0).stdout);
    assert.deepEqual(answer, { token_type: 'Bearer', expires_at: null, source: 'HEARTH_TOKEN_FD', token: 'from-a-descriptor' });
    assert.match(expectStatus(await run('headers claude --bare --url https://api.anthropic.com/'), 0).stdout, /^Authorization: Bearer from-a-descriptor\n(?=[\s\S]*^anthropic-beta: oauth-)/m);
});

test('what somebody signed in to, and a helper, are not looked at', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude', '--set', 'api_key_helper=echo sk-ant-api03-of-a-helper']);
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: 'sk-ant-api03-stored' }), 0);
    const refused = expectStatus(await stage.hearth(['token', 'claude', '--bare'], { env: { ANTHROPIC_API_KEY: '' } }), 3);
    assert.equal(refused.stdout, '');
    for (const name of ['HEARTH_TOKEN_FD', 'HEARTH_API_KEY_FD', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN']) assert.ok(refused.stderr.includes(name), refused.stderr);
    assert.match(refused.stderr, /ANTHROPIC_API_KEY is set, but to nothing/);
    assert.ok(!refused.stderr.includes('session'), refused.stderr);
});

test('a name that says no provider needs one', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const env = { ANTHROPIC_API_KEY: given };
    const unnamed = expectStatus(await stage.hearth(['token', 'work', '--bare'], { env }), 2);
    assert.match(unnamed.stderr, /'work' does not say which provider/);
    assert.match(unnamed.stderr, /hint: --bare --provider claude/);
    expectStatus(await stage.hearth(['token', 'work', '--bare', '--provider', 'nobody'], { env }), 2);
    expectStatus(await stage.hearth(['token', 'work', '--provider', 'claude'], { env }), 2);
    const other = expectStatus(await stage.hearth(['token', 'work', '--bare', '--provider', 'oidc'], { env }), 3);
    assert.ok(!other.stderr.includes('ANTHROPIC'), 'a key of another provider was considered');
});

test('--bare may stand before the command, beside --non-interactive in either order', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const env = { ANTHROPIC_API_KEY: given };
    for (const words of [['--bare', 'token', 'claude'], ['--bare', '--non-interactive', 'token', 'claude'], ['--non-interactive', '--bare', 'token', 'claude', '--bare']])
        assert.equal(expectStatus(await enclosed(stage, words, { env }), 0).stdout, `${given}\n`);
    assert.match(expectStatus(await enclosed(stage, ['--bare', 'headers', 'claude', '--url', 'https://api.anthropic.com/'], { env }), 0).stdout, new RegExp(`^x-api-key: ${given}$`, 'm'));
    assert.match(expectStatus(await enclosed(stage, ['--bare', 'explain', 'claude'], { env }), 0).stdout, /-> +ANTHROPIC_API_KEY/);
    expectStatus(await stage.hearth(['--bare'], { env }), 2);
});

test('a command that --bare means nothing to says so, and which ones it goes with', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    for (const words of [['status'], ['login', 'claude'], ['profile', 'list'], ['agent', 'start'], ['config', 'get', 'store.kind']]) {
        for (const asked of [['--bare', ...words], [...words, '--bare']]) {
            const refused = expectStatus(await stage.hearth(asked, { env: { ANTHROPIC_API_KEY: given } }), 2);
            assert.match(refused.stderr, new RegExp(`hearth ${words[0]}.* has no --bare`));
            assert.match(refused.stderr, /hint: --bare goes with: token, headers, whoami, explain/);
        }
    }
    assert.deepEqual(readdirSync(stage.home), [], 'something was written');
});

test('whoami asks the provider about what was given, by no settings and no keychain', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const sandbox = await Sandbox.start(stage);
    // Whoever reads the settings fails.
    stage.configure('this is no TOML\n');
    const key = sandbox.told.api_keys[0];
    const env = { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: sandbox.told.base_url };
    const { facts } = await stage.json(['--bare', 'whoami', 'claude'], { env });
    assert.ok(facts.length > 0);
    assert.ok(!JSON.stringify(facts).includes(key));
    assert.equal((await sandbox.records()).counts.models, 1, 'it is the sandbox that was asked');
    expectStatus(await stage.hearth(['whoami', 'work', '--bare', '--provider', 'claude'], { env }), 0);
    assert.equal(await stage.agentPid(), undefined, 'an agent was left behind');
    expectStatus(await stage.hearth(['whoami', 'claude'], { env }), 2);

    const refused = expectStatus(await stage.hearth(['whoami', 'claude', '--bare'], { env: { ...env, ANTHROPIC_API_KEY: given } }), 3);
    assert.ok(!refused.stderr.includes(given));
    const elsewhere = expectStatus(await stage.hearth(['whoami', 'claude', '--bare'], { env: { ...env, ANTHROPIC_BASE_URL: 'http://192.0.2.1' } }), 2);
    assert.match(elsewhere.stderr, /ANTHROPIC_BASE_URL must be an https URL/);
    expectStatus(await stage.hearth(['whoami', 'claude', '--bare'], { env: { ANTHROPIC_BASE_URL: sandbox.told.base_url } }), 3);
    const oidc = expectStatus(await stage.hearth(['whoami', 'oidc', '--bare'], { env: {} }), 2);
    assert.match(oidc.stderr, /nothing says which issuer/);
});
