// An API key: tried before it is kept, shown nowhere after, told from another by its fingerprint.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs } from '../support/stage.mjs';

const fingerprint = /^[0-9a-f]{12}$/;

async function prepared(t, variables = {}) {
    const stage = Stage.open(t, { variables });
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('claude', { provider: 'claude', client: '' });
    return { stage, sandbox, keys: sandbox.told.api_keys };
}

const login = (stage, input, ...more) => stage.hearth(['login', 'claude', '--with-key', ...more], { input });

function everythingBelow(folder) {
    return readdirSync(folder, { recursive: true })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => readFileSync(path));
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a key is tried, kept, and handed out until the sign-out, ${how}`, async (t) => {
        const { stage, sandbox, keys } = await prepared(t, variables);
        const done = expectStatus(await login(stage, `  ${keys[0]}\n`), 0);
        assert.match(done.stderr, /^Kept the API key [0-9a-f]{12} for claude\.$/m);
        assert.equal((await sandbox.records()).counts.models, 1);
        assert.equal(await stage.token('claude'), keys[0]);
        const headers = new Map((await stage.json(['headers', 'claude', '--url', 'https://api.anthropic.com/'])).headers);
        assert.equal(headers.get('x-api-key'), keys[0]);
        for (const shown of [done.stderr, done.stdout]) assert.ok(!shown.includes('sk-ant'), shown);
        await stage.ok(['logout', 'claude']);
        expectStatus(await stage.hearth(['token', 'claude']), 3);
    });

    test(`a key that the provider refuses is not kept, ${how}`, async (t) => {
        const { stage, sandbox, keys } = await prepared(t, variables);
        const unknown = expectStatus(await login(stage, 'sk-ant-api03-not-issued-by-anybody'), 3);
        assert.match(unknown.stderr, /claude: the key was refused, and is not kept: .* answered 401/);
        assert.ok(!unknown.stderr.includes('not-issued'), unknown.stderr);
        expectStatus(await stage.hearth(['token', 'claude']), 3);
        // Nor does it take the place of one that is there.
        expectStatus(await login(stage, keys[0]), 0);
        await sandbox.revokeKeys();
        expectStatus(await login(stage, keys[1]), 3);
        assert.equal(await stage.token('claude'), keys[0]);
        const dead = expectStatus(await stage.hearth(['whoami', 'claude']), 3);
        assert.match(dead.stderr, /answered 401/);
    });
}

test('a key is kept unchecked only when somebody says so', async (t) => {
    const { stage, sandbox, keys } = await prepared(t);
    await sandbox.fault('models:status=503');
    const failing = expectStatus(await login(stage, keys[0]), 4);
    assert.match(failing.stderr, /could not be checked, and is not kept/);
    assert.match(failing.stderr, /hint: hearth login claude --with-key --no-verify keeps it unchecked/);
    expectStatus(await stage.hearth(['token', 'claude']), 3);
    expectStatus(await login(stage, keys[0], '--no-verify'), 0);
    assert.equal(await stage.token('claude'), keys[0]);
    await sandbox.server.stop();
    const unreachable = expectStatus(await login(stage, keys[1]), 4);
    assert.match(unreachable.stderr, /--no-verify/);
    assert.equal(await stage.token('claude'), keys[0]);
});

test('what is no key is refused by what it looks like, and not quoted', async (t) => {
    const { stage, sandbox } = await prepared(t);
    for (const [input, words] of [
        ['sk-ant-oat01-s3cret', /an OAuth access token\nhint: hearth login claude --with-token keeps it/],
        ['sk-ant-admin01-s3cret', /an Admin API key/],
        ['sk-ant-ort01-s3cret', /a refresh token/],
        ['sk-s3cret', /an API key of another provider/],
        ['s3cret', /no Claude API key\nhint: API keys of the Claude Console begin with sk-ant-api/],
        ['two words-s3cret', /stdin has a character in it/],
        ['', /stdin holds no token/],
    ]) {
        const refused = expectStatus(await login(stage, input), 2);
        assert.match(refused.stderr, words);
        assert.ok(!refused.stderr.includes('s3cret'), refused.stderr);
    }
    assert.equal((await sandbox.records()).counts?.models ?? 0, 0, 'the provider was asked about what is no key');
    for (const words of [['--with-token'], ['--device']]) expectStatus(await login(stage, 'x', ...words), 2);
    expectStatus(await stage.hearth(['login', 'claude', '--no-verify']), 2);
    await sandbox.profile('oidc');
    const other = expectStatus(await stage.hearth(['login', 'oidc', '--with-key'], { input: 'k' }), 2);
    assert.match(other.stderr, /a provider without API keys/);
});

test('keys are told apart by fingerprints that say nothing elsewhere', async (t) => {
    const { stage, sandbox, keys } = await prepared(t);
    await sandbox.profile('second', { provider: 'claude', client: '' });
    const events = stage.start(programs.hearth, ['events', '--follow']);
    expectStatus(await login(stage, keys[0]), 0);
    const seen = JSON.parse(await events.line('the sign-in', (line) => line.includes('"signed_in"')));
    const { kind, fingerprint: mark } = await stage.profileStatus('claude');
    assert.equal(kind, 'api_key');
    assert.match(mark, fingerprint);
    assert.match(JSON.stringify(seen), new RegExp(`API key ${mark}`));
    assert.match(await stage.ok(['status']), new RegExp(`claude +claude +fresh +API key ${mark} `));
    assert.match(await stage.ok(['profile', 'show', 'claude']), new RegExp(`^# holds the API key ${mark}$`, 'm'));
    assert.match(await stage.ok(['whoami', 'claude']), new RegExp(`^fingerprint +${mark}$`, 'm'));

    const other = expectStatus(await stage.hearth(['login', 'second', '--with-key', '--json'], { input: keys[1] }), 0);
    assert.notEqual(JSON.parse(other.stdout.trim().split('\n').at(-1)).fingerprint, mark);
    // Another key takes the place of one without more ado: there is no account that would change.
    expectStatus(await stage.hearth(['login', 'second', '--with-key'], { input: keys[0] }), 0);
    assert.equal((await stage.profileStatus('second')).fingerprint, mark);

    // The same key on another machine.
    const elsewhere = Stage.open(t);
    const abroad = new Sandbox(elsewhere, sandbox.server, sandbox.told);
    await abroad.profile('claude', { provider: 'claude', client: '' });
    expectStatus(await login(elsewhere, keys[0]), 0);
    assert.notEqual((await elsewhere.profileStatus('claude')).fingerprint, mark);

    await stage.stopAgent();
    const texts = [...everythingBelow(stage.home), events.lines.join('\n')];
    for (const text of texts) for (const key of keys) assert.ok(!text.includes(key), 'a key lies about in the open');
});

test('a key can be typed unseen', async (t) => {
    const { stage, keys } = await prepared(t);
    const terminal = stage.terminal([programs.hearth, 'login', 'claude', '--with-key']);
    await terminal.sees('The key for claude (it is not shown): ');
    terminal.types(`${keys[0]}\n`);
    await terminal.sees('Kept the API key');
    await terminal.ended;
    assert.ok(!terminal.shown.includes(keys[0]), 'the key was echoed');
    assert.equal(await stage.token('claude'), keys[0]);
    const refused = expectStatus(await stage.run('script', ['--quiet', '--return', '--command', `'${programs.hearth}' login claude --with-key --non-interactive`, '/dev/null'], { input: '' }), 2);
    assert.match(refused.stdout, /a key is read from stdin, and that is a terminal/);
});

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`whoami tells of what this process was given, and keeps none of it, ${how}`, async (t) => {
        const { stage, sandbox, keys } = await prepared(t, variables);
        const key = new Map((await stage.json(['whoami', 'claude'], { env: { ANTHROPIC_API_KEY: keys[0] } })).facts);
        assert.equal(key.get('source'), 'ANTHROPIC_API_KEY');
        assert.equal(key.get('credential'), 'API key');
        assert.equal(key.get('state'), 'accepted');
        assert.match(key.get('fingerprint'), fingerprint);

        const person = await sandbox.signedIn({ name: 'person', provider: 'claude' });
        const token = await stage.token(person);
        const asked = new Map((await stage.json(['whoami', 'claude'], { env: { CLAUDE_CODE_OAUTH_TOKEN: token } })).facts);
        assert.equal(asked.get('source'), 'CLAUDE_CODE_OAUTH_TOKEN');
        assert.equal(asked.get('credential'), 'access token');
        assert.equal(asked.get('email'), 'robin@sandbox.example');

        const file = stage.file('given', token);
        const through = await stage.run('sh', ['-c', `exec 3<'${file}'; HEARTH_TOKEN_FD=3 exec '${programs.hearth}' whoami claude`]);
        assert.match(expectStatus(through, 0).stdout, /^source +HEARTH_TOKEN_FD$/m);

        const work = await sandbox.signedIn({ name: 'work' });
        await sandbox.profile('another');
        const env = { HEARTH_TOKEN_FD: '3' };
        const command = `exec 3<'${stage.file('given', await stage.token(work))}'; exec '${programs.hearth}' whoami another`;
        const told = expectStatus(await stage.run('sh', ['-c', command], { env }), 0).stdout;
        assert.match(told, /^subject +user-[0-9a-f]+$/m);

        await stage.ok(['profile', 'add', 'helped', '--provider', 'claude', '--set', `base_url=${sandbox.told.base_url}`, '--set', `api_key_helper=echo ${keys[1]}`]);
        const helped = new Map((await stage.json(['whoami', 'helped'])).facts);
        assert.deepEqual([helped.get('source'), helped.get('state')], ['api_key_helper', 'accepted']);

        const refused = expectStatus(await stage.hearth(['whoami', 'claude'], { env: { ANTHROPIC_API_KEY: 'sk-ant-api03-unknown' } }), 3);
        assert.match(refused.stderr, /it was given by ANTHROPIC_API_KEY/);
        assert.match(refused.stderr, /hint: give another one, or unset ANTHROPIC_API_KEY/);
        expectStatus(await stage.hearth(['token', 'claude']), 3);
        for (const text of everythingBelow(stage.home)) assert.ok(!text.includes(keys[0]) && !text.includes(token), 'what was given was kept');
    });
}

test('an agent that serves others is told no credential of a caller', async (t) => {
    const { stage, keys } = await prepared(t);
    await stage.ok(['agent', 'start']);
    const socket = connect(join(stage.home, 'run', 'agent.sock'));
    socket.end(`${JSON.stringify({ op: 'whoami', profile: 'claude', given: 'ANTHROPIC_API_KEY', token: keys[0] })}\n`);
    let answer = '';
    for await (const piece of socket) answer += piece;
    assert.equal(JSON.parse(answer).error.remedy, 'refused');
});
