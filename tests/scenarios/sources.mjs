// What a process was given comes before what somebody signed in to, and stays with that process.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Stage, expectStatus, programs } from '../support/stage.mjs';

const stored = 'sk-ant-api03-stored-by-hearth-login';
const given = 'sk-ant-api03-given-to-this-process';

async function signedIn(t, variables = {}) {
    const stage = Stage.open(t, { variables });
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: `${stored}\n` }), 0);
    return stage;
}

function everyFileBelow(folder) {
    return readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

// hearth with a text at descriptor 3, as a shell gives it.
function withDescriptor(stage, variable, text, words) {
    const file = stage.file('given', text);
    return stage.run('sh', ['-c', `exec 3<'${file}'; ${variable}=3 exec '${programs.hearth}' ${words.join(' ')}`]);
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a key in a variable is used and kept nowhere, ${how}`, async (t) => {
        const stage = await signedIn(t, variables);
        const env = { ANTHROPIC_API_KEY: ` ${given}\n` };
        assert.equal(await stage.token('claude'), stored);
        assert.equal(await stage.token('claude', { env }), given);
        const { token, source } = await stage.json(['token', 'claude'], { env });
        assert.deepEqual({ token, source }, { token: given, source: 'ANTHROPIC_API_KEY' });
        assert.equal(await stage.token('claude'), stored);
        for (const file of everyFileBelow(stage.home)) assert.ok(!readFileSync(file).includes(given), `${file} holds what was given`);
    });

    test(`headers are those of the credential that was given, ${how}`, async (t) => {
        const stage = await signedIn(t, variables);
        const words = ['headers', 'claude', '--url', 'https://api.anthropic.com/v1/messages'];
        const key = await stage.ok(words, { env: { ANTHROPIC_API_KEY: given } });
        assert.match(key, new RegExp(`^x-api-key: ${given}$`, 'm'));
        assert.match(key, /^anthropic-version: /m);
        const token = await stage.json(words, { env: { ANTHROPIC_AUTH_TOKEN: 'a"b\\c' } });
        assert.equal(new Map(token.headers).get('Authorization'), 'Bearer a"b\\c');
    });

    test(`a descriptor is read once, and no child inherits it, ${how}`, async (t) => {
        const stage = await signedIn(t, variables);
        await stage.stopAgent();
        const answer = await withDescriptor(stage, 'HEARTH_TOKEN_FD', `${given}\n`, ['token', 'claude']);
        assert.equal(expectStatus(answer, 0).stdout, `${given}\n`);
        const pid = await stage.agentPid();
        assert.equal(pid === undefined, variables.HEARTH_NO_AGENT === '1');
        if (pid === undefined) return;
        const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
        assert.ok(!open.some((path) => path.endsWith('/given')), `the agent holds ${open}`);
    });
}

test('explain shows what was found, which answers and why, and no value', async (t) => {
    const stage = await signedIn(t);
    const env = { ANTHROPIC_API_KEY: given, ANTHROPIC_AUTH_TOKEN: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-other' };
    const text = await stage.ok(['explain', 'claude'], { env });
    assert.match(text, /ANTHROPIC_AUTH_TOKEN +yes +it is set, but to nothing/);
    assert.match(text, /-> +ANTHROPIC_API_KEY +yes/);
    assert.match(text, /CLAUDE_CODE_OAUTH_TOKEN +yes +ANTHROPIC_API_KEY comes before it/);
    assert.match(text, /sealed session +yes +ANTHROPIC_API_KEY comes before it/);
    assert.ok(!text.includes('sk-ant'), text);
    const { steps } = await stage.json(['explain', 'claude']);
    assert.deepEqual(steps.filter((step) => step.used).map((step) => step.source), ['sealed session']);
});

test('what is no credential is refused by name, and not quoted', async (t) => {
    const stage = await signedIn(t);
    for (const [env, words] of [
        [{ ANTHROPIC_API_KEY: 'two words-s3cret' }, /ANTHROPIC_API_KEY/],
        [{ HEARTH_TOKEN_FD: '77' }, /HEARTH_TOKEN_FD names descriptor 77, which is not open/],
        [{ HEARTH_TOKEN_FD: 'three' }, /HEARTH_TOKEN_FD is not the number/],
    ]) {
        const refused = expectStatus(await stage.hearth(['token', 'claude'], { env }), 2);
        assert.match(refused.stderr, words);
        assert.match(refused.stderr, /hint: /);
        assert.ok(!refused.stderr.includes('s3cret'));
        assert.equal(refused.stdout, '');
    }
    const nothing = expectStatus(await withDescriptor(stage, 'HEARTH_API_KEY_FD', '', ['token', 'claude']), 2);
    assert.match(nothing.stderr, /HEARTH_API_KEY_FD holds no token/);
});

test('an empty variable is named where nothing else answers', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    const refused = expectStatus(await stage.hearth(['token', 'claude'], { env: { ANTHROPIC_API_KEY: '' } }), 3);
    assert.match(refused.stderr, /ANTHROPIC_API_KEY is set, but to nothing/);
});
