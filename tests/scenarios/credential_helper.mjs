// A command that prints the credential: who runs it, how often, what is kept of it, and what is left of it.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Stage, alive, expectStatus, programs, until } from '../support/stage.mjs';

const key = 'sk-ant-api03-printed-by-a-helper';

// A profile whose helper is a script; `lines` of it run with its own folder as $D.
function withHelper(t, lines, { settings = '', variables = {} } = {}) {
    const stage = Stage.open(t, { variables });
    const script = stage.file('helper', `#!/bin/sh\nD='${stage.root}'\n${lines}\n`, 0o700);
    stage.configure(`[profiles.claude]\nprovider = "claude"\napi_key_helper = "${script}"\n${settings}\n`);
    return stage;
}

const counted = `echo run >>"$D/runs"`;
const runs = (stage) => (existsSync(join(stage.root, 'runs')) ? readFileSync(join(stage.root, 'runs'), 'utf8').split('\n').length - 1 : 0);
// Blocks until the test makes the file.
const awaits = (file) => `while [ ! -e "$D/${file}" ]; do sleep 0.02; done`;

function everyFileBelow(folder) {
    return readdirSync(folder, { recursive: true })
        .map((name) => join(folder, name))
        .filter((path) => existsSync(path) && statSync(path).isFile());
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a helper's output is the key, sent as one, ${how}`, async (t) => {
        const stage = withHelper(t, `printf ' %s\\n\\n' '${key}'`, { variables });
        const { token, token_type } = await stage.json(['token', 'claude']);
        assert.deepEqual({ token, token_type }, { token: key, token_type: 'x-api-key' });
        const headers = await stage.ok(['headers', 'claude', '--url', 'https://api.anthropic.com/v1/messages']);
        assert.match(headers, new RegExp(`^x-api-key: ${key}$`, 'm'));
        assert.doesNotMatch(headers, /^authorization:/im);
    });

    test(`a helper that fails is named with its exit status, and its words are seen, ${how}`, async (t) => {
        const stage = withHelper(t, `echo 'no vault today' >&2; echo ${key}; exit 7`, { variables });
        const refused = expectStatus(await stage.hearth(['token', 'claude']), 1);
        assert.match(refused.stderr, /^no vault today$/m);
        assert.match(refused.stderr, /claude: the helper in api_key_helper ended with exit status 7/);
        assert.ok(!(refused.stdout + refused.stderr).includes(key));
    });

    test(`the helper has the caller's environment and folder, ${how}`, async (t) => {
        const stage = withHelper(t, `echo "$VAULT-$(basename "$PWD")"`, { variables });
        assert.equal(await stage.token('claude', { env: { VAULT: 'blue' }, cwd: join(stage.root, 'user') }), 'blue-user');
    });

    test(`a helper that asks for its own profile is told so, ${how}`, async (t) => {
        const stage = withHelper(t, `exec '${programs.hearth}' token claude`, { variables });
        const refused = expectStatus(await stage.hearth(['token', 'claude']), 1);
        assert.match(refused.stderr, /claude: its helper asks for it/);
        assert.match(refused.stderr, /claude: the helper in api_key_helper ended with exit status 2/);
    });

    test(`a variable comes before the helper, which is not run then, ${how}`, async (t) => {
        const stage = withHelper(t, `${counted}; echo ${key}`, { variables });
        assert.equal(await stage.token('claude', { env: { ANTHROPIC_API_KEY: 'given' } }), 'given');
        assert.equal(runs(stage), 0);
        assert.equal(await stage.token('claude', { env: { CLAUDE_CODE_OAUTH_TOKEN: 'given' } }), key);
        assert.equal(runs(stage), 1);
    });

    test(`a helper that prints more than a key is refused, and nothing of it quoted, ${how}`, async (t) => {
        const stage = withHelper(t, `echo 'Welcome s3cret-banner'; echo ${key}`, { variables });
        const refused = expectStatus(await stage.hearth(['token', 'claude']), 1);
        assert.match(refused.stderr, /the helper in api_key_helper printed something that is not a credential/);
        assert.ok(!/s3cret|sk-ant/.test(refused.stderr + refused.stdout));
    });

    test(`ctrl-C ends hearth, the helper and what the helper started, ${how}`, async (t) => {
        const stage = withHelper(t, `sleep 600 & echo $! >"$D/child"; echo $$ >"$D/pid"; wait`, { variables });
        const asking = stage.start(programs.hearth, ['token', 'claude']);
        const number = (file) => Number(existsSync(join(stage.root, file)) && readFileSync(join(stage.root, file), 'utf8'));
        await until('the helper to run', () => number('pid') > 0);
        asking.child.kill('SIGINT');
        assert.equal((await asking.ended).signal, 'SIGINT');
        await until('the helper to be gone', () => !alive(number('pid')) && !alive(number('child')));
    });

    test(`a helper that takes too long is ended, ${how}`, async (t) => {
        const stage = withHelper(t, `echo $$ >"$D/pid"; sleep 600`, { variables, settings: 'helper_timeout = "1s"' });
        const refused = expectStatus(await stage.hearth(['token', 'claude']), 1);
        assert.match(refused.stderr, /the helper in api_key_helper took too long and was ended/);
        const pid = Number(readFileSync(join(stage.root, 'pid'), 'utf8'));
        await until('the helper to be gone', () => !alive(pid));
    });
}

test('ten callers at once run the helper once, and all have its output', async (t) => {
    const stage = withHelper(t, `${counted}; ${awaits('go')}; echo ${key}-$(wc -l <"$D/runs")`);
    await stage.ok(['agent', 'start']);
    const callers = Array.from({ length: 10 }, () => stage.token('claude'));
    await until('all of them to wait', async () => {
        const { connections } = await stage.json(['agent', 'status']);
        return connections >= 11;
    });
    stage.file('go', '');
    assert.deepEqual(new Set(await Promise.all(callers)), new Set([`${key}-1`]));
    assert.equal(await stage.token('claude'), `${key}-1`);
    assert.equal(runs(stage), 1);
});

test('without an agent one process at a time runs the helper', async (t) => {
    const stage = withHelper(t, `mkdir "$D/inside" || exit 9; sleep 0.1; rmdir "$D/inside"; echo ${key}`, { variables: { HEARTH_NO_AGENT: '1' } });
    const tokens = await Promise.all(Array.from({ length: 5 }, () => stage.token('claude')));
    assert.deepEqual(new Set(tokens), new Set([key]));
});

test('who waits takes over when the one that runs the helper is killed', async (t) => {
    const stage = withHelper(t, `${counted}; [ $(wc -l <"$D/runs") -gt 1 ] || exec sleep 600; echo ${key}`);
    await stage.ok(['agent', 'start']);
    const first = stage.start(programs.hearth, ['token', 'claude']);
    await until('the helper to run', () => runs(stage) === 1);
    const second = stage.token('claude');
    await until('the second to wait', async () => (await stage.json(['agent', 'status'])).connections >= 3);
    first.child.kill('SIGTERM');
    assert.equal(await second, key);
});

test('an old output is handed out at once while one refresh runs behind it', async (t) => {
    const stage = withHelper(t, `${counted}; n=$(wc -l <"$D/runs"); [ $n = 1 ] || ${awaits('go')}; echo ${key}-$n`, { settings: 'helper_ttl = "1s"' });
    assert.equal(await stage.token('claude'), `${key}-1`);
    await until('the output to be old', async () => {
        const { helper } = await stage.json(['explain', 'claude']);
        return helper.output_age >= 2;
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => stage.token('claude')));
    assert.deepEqual(new Set(answers), new Set([`${key}-1`]));
    await until('the refresh to run', () => runs(stage) === 2);
    assert.equal(await stage.token('claude'), `${key}-1`);
    stage.file('go', '');
    await until('the new output', async () => (await stage.token('claude')).endsWith('-2') || runs(stage) > 2);
    assert.equal(runs(stage), 2);
});

test("the caller's CLAUDE_CODE_API_KEY_HELPER_TTL_MS says how old an output may be", async (t) => {
    const stage = withHelper(t, `${counted}; echo ${key}-$(wc -l <"$D/runs")`);
    assert.equal(await stage.token('claude'), `${key}-1`);
    assert.equal(await stage.token('claude'), `${key}-1`);
    assert.equal(await stage.token('claude', { env: { CLAUDE_CODE_API_KEY_HELPER_TTL_MS: '0' } }), `${key}-2`);
});

test('a rejected output is replaced by one run for all who saw it', async (t) => {
    const stage = withHelper(t, `${counted}; echo ${key}-$(wc -l <"$D/runs")`);
    const refused = `${await stage.token('claude')}\n`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => stage.hearth(['rejected', 'claude'], { input: refused })));
    for (const answer of answers) assert.equal(expectStatus(answer, 0).stdout, `${key}-2\n`);
    assert.equal(await stage.token('claude'), `${key}-2`);
    assert.equal(runs(stage), 2);
});

test('a helper that gives the rejected key again is not believed', async (t) => {
    const stage = withHelper(t, `${counted}; echo ${key}`);
    const refused = `${await stage.token('claude')}\n`;
    for (let i = 0; i < 2; ++i) {
        const answer = expectStatus(await stage.hearth(['rejected', 'claude'], { input: refused }), 1);
        assert.match(answer.stderr, /gives the credential that was rejected again/);
        assert.ok(!answer.stderr.includes(key));
    }
    assert.equal(runs(stage), 2);
});

test('explain and status tell of the helper, and neither its arguments nor its output', async (t) => {
    const stage = Stage.open(t);
    stage.configure(`[profiles.claude]\nprovider = "claude"\napi_key_helper = "printf '%s' ${key}"\n`);
    assert.match(await stage.ok(['explain', 'claude']), /-> +api_key_helper +yes +.*its program is printf; it has not run yet/);
    await stage.token('claude');
    const told = await stage.ok(['explain', 'claude']);
    assert.match(told, /it ran at .* ended with exit status 0; its output is/);
    const status = await stage.profileStatus('claude');
    assert.deepEqual([status.source, status.state], ['helper', 'fresh']);
    const shown = await stage.ok(['profile', 'show', 'claude']);
    for (const text of [told, shown, JSON.stringify(status)]) assert.ok(!text.includes(key), text);
});

test('the output of a helper is in no file and no log', async (t) => {
    const stage = withHelper(t, `${counted}; echo sk-ant-$(echo planted)-key`, { variables: { HEARTH_LOG: 'debug' } });
    const events = stage.start(programs.hearth, ['events']);
    await until('the agent to run', () => stage.agentPid());
    assert.equal(await stage.token('claude'), 'sk-ant-planted-key');
    expectStatus(await stage.hearth(['rejected', 'claude'], { input: 'sk-ant-planted-key\n' }), 1);
    const line = await events.line('the event', (one) => one.includes('helper_ran'));
    assert.match(line, /exit status 0 after/);
    assert.ok(!events.lines.join().includes('planted'));
    for (const file of everyFileBelow(stage.home)) assert.ok(!readFileSync(file).includes('sk-ant-planted'), `${file} holds it`);
});

test('an oidc profile has a token helper, and no other kind', async (t) => {
    const stage = Stage.open(t);
    stage.configure('[profiles.work]\nprovider = "oidc"\nissuer = "https://login.example.com"\ntoken_helper = "echo t0ken"\n');
    const { token, token_type } = await stage.json(['token', 'work']);
    assert.deepEqual({ token, token_type }, { token: 't0ken', token_type: 'Bearer' });
    const refused = expectStatus(await stage.hearth(['config', 'set', 'profiles.work.api_key_helper', 'echo x']), 2);
    assert.match(refused.stderr, /has a helper of another provider's kind/);
});
