// The command line's contract: exit statuses, what goes to stdout and what to stderr, JSON that scripts rely on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

// An error is words on stderr, "hearth: what" and perhaps "hint: …", and nothing on stdout.
function expectError(result, status, words) {
    expectStatus(result, status);
    assert.equal(result.stdout, '');
    assert.match(result.stderr, /^hearth: [^A-Z]/m);
    if (words) assert.match(result.stderr, words);
    return result;
}

test('what is wrong with the request is status 2', async (t) => {
    const stage = Stage.open(t);
    expectError(await stage.hearth(['token', 'nobody']), 2, /nobody[\s\S]*hint: /);
    for (const wrong of [['nonsense'], ['token'], ['token', 'a', '--no-such-option'], ['token', 'a', '--min-ttl', 'soon'], ['profile', 'add'], ['token', '../etc']])
        expectStatus(await stage.hearth(wrong), 2);
    expectError(await stage.hearth(['profile', 'add', 'x', '--provider', 'nobody']), 2);
    expectError(await stage.hearth(['config', 'set', 'store.kind', 'drawer']), 2, /keychain/);
    expectError(await stage.hearth(['config', 'get', 'store.knd']), 2, /store\.kind/);
});

test('a profile that nobody signed in to is status 3, and says what to type', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectError(await stage.hearth(['token', 'claude']), 3, /hint: .*hearth login claude/);
});

test('help and version are answered without an agent', async (t) => {
    const stage = Stage.open(t);
    assert.match(await stage.ok(['--version']), /\d+\.\d+\.\d+/);
    const help = await stage.ok(['--help']);
    for (const command of ['login', 'logout', 'token', 'headers', 'status', 'whoami', 'profile', 'config', 'explain', 'agent', 'events', 'doctor'])
        assert.match(help, new RegExp(`\\b${command}\\b`));
    for (const command of ['login', 'token', 'profile', 'agent']) assert.match(await stage.ok([command, '--help']), /--|PROFILE|profile/);
    assert.equal(await stage.agentPid(), undefined);
});

test('profiles are added, listed, shown and removed', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'work', '--provider', 'oidc', '--issuer', 'https://login.example.com', '--client-id', 'me', '--scope', 'openid', '--scope', 'email', '--set', 'refresh_before=10m']);
    const listed = await stage.json(['profile', 'list']);
    assert.deepEqual((listed.profiles ?? listed).map((one) => one.name), ['work']);
    const shown = await stage.ok(['profile', 'show', 'work']);
    for (const word of ['https://login.example.com', 'me', 'openid', 'email', '10m']) assert.match(shown, new RegExp(word.replace(/[.]/g, '\\.')));
    await stage.ok(['profile', 'remove', 'work']);
    const after = await stage.json(['profile', 'list']);
    assert.deepEqual(after.profiles ?? after, []);
    expectError(await stage.hearth(['profile', 'show', 'work']), 2);
});

test('settings keep the comments and the order of the file', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('# mine\n[store]  # where sessions rest\nkind = "memory"\n\n[limits]\nrequests_per_second = 5 # slowly\n');
    await stage.ok(['config', 'set', 'limits.requests_per_second', '7']);
    assert.equal((await stage.ok(['config', 'get', 'limits.requests_per_second'])).trim(), '7');
    const text = readFileSync(`${stage.home}/config.toml`, 'utf8');
    assert.equal(text, '# mine\n[store]  # where sessions rest\nkind = "memory"\n\n[limits]\nrequests_per_second = 7 # slowly\n');
});

const mistakes = {
    'a value that is not allowed': ['[store]\nkind = "drawer"\n', 2],
    'a key that does not exist': ['[store]\nkind = "sealed"\nkeyfile = "x"\n', 3],
    'a duration that is none': ['[profiles.work]\nprovider = "oidc"\nissuer = "https://login.example.com"\nrefresh_before = "soon"\n', 4],
    'an issuer without TLS': ['[profiles.work]\nprovider = "oidc"\nissuer = "http://login.example.com"\n', 3],
    'broken TOML': ['[store\nkind = "sealed"\n', 1],
};
for (const [what, [text, line]] of Object.entries(mistakes)) {
    test(`a configuration with ${what} is refused with file and line`, async (t) => {
        const stage = Stage.open(t, { store: 'unset' });
        stage.configure(text);
        const refused = await stage.hearth(['token', 'work'], { env: { HEARTH_NO_AGENT: '1' } });
        assert.ok(refused.status === 2 || refused.status === 1, `ended with ${refused.status}`);
        assert.match(refused.stderr, new RegExp(`config\\.toml:${line}\\b`));
    });
}

test('a token is the whole of stdout, and --json has its type and its expiry', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    for (const env of [{}, { HEARTH_NO_AGENT: '1' }]) {
        const plain = expectStatus(await stage.hearth(['token', 'demo'], { env }), 0);
        assert.match(plain.stdout, /^[^\s]+\n$/);
        assert.equal(plain.stderr, '');
        const json = await stage.json(['token', 'demo'], { env });
        assert.deepEqual(Object.keys(json).sort(), ['expires_at', 'token', 'token_type']);
        assert.equal(json.token, plain.stdout.trim());
        assert.equal(json.token_type, 'Bearer');
        assert.match(json.expires_at, instant);
    }
});

test('asking for more life than the provider issues is an error that says so', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', '600']);
    await sandbox.signedIn();
    const refused = expectError(await stage.hearth(['token', 'demo', '--min-ttl', '2h']), 2);
    assert.match(refused.stderr, /10m|600/);
    assert.ok((await sandbox.refreshes()).length <= 1);
});

test('headers go to the host they are for, and not over plain http', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const token = await stage.token('demo');
    const lines = (await stage.ok(['headers', 'demo', '--url', 'https://api.example.com/v1'])).trim().split('\n');
    assert.deepEqual(lines, [`Authorization: Bearer ${token}`]);
    expectError(await stage.hearth(['headers', 'demo', '--url', 'http://api.example.com/v1']), 6);
    expectError(await stage.hearth(['headers', 'demo', '--url', 'not a url']), 2);
});

test("Claude's headers name the version and the beta that OAuth tokens need", async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn({ provider: 'claude' });
    const url = `${sandbox.told.base_url}/v1/messages`;
    const text = await stage.ok(['headers', 'demo', '--method', 'POST', '--url', url]);
    const headers = Object.fromEntries(text.trim().split('\n').map((line) => line.split(/:\s*(.*)/s).slice(0, 2)));
    assert.equal(headers['anthropic-version'], '2023-06-01');
    assert.match(headers['anthropic-beta'], /oauth-2025-04-20/);
    const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'demo', max_tokens: 8, messages: [{ role: 'user', content: 'hello' }] }),
    });
    assert.equal(answer.status, 200);
    assert.match(await stage.ok(['whoami', 'demo']), /\w/);
});

test('an API key is taken from stdin, and becomes x-api-key', async (t) => {
    const stage = Stage.open(t);
    const key = 'sk-ant-api03-from-the-console';
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: `${key}\n` }), 0);
    assert.equal(await stage.token('claude'), key);
    assert.match(await stage.ok(['headers', 'claude', '--url', 'https://api.anthropic.com/v1/models']), new RegExp(`^x-api-key: ${key}$`, 'm'));
    assert.equal((await stage.json(['token', 'claude'])).expires_at, null);
    for (const wrong of ['', 'two words', 'not-a-claude-key'])
        assert.notEqual((await stage.hearth(['login', 'claude', '--with-token'], { input: `${wrong}\n` })).status, 0);
});

test('Claude without a client id says what is needed and what is allowed', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    const browser = stage.browser();
    const refused = await stage.hearth(['login', 'claude'], { env: browser.env });
    expectStatus(refused, 2);
    assert.match(refused.stderr, /client[_ ]id/);
    assert.match(refused.stderr, /API key|--with-token/);
    assert.equal(browser.opened(), false);
});

test('status tells of every profile, in a table and as JSON', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    await stage.ok(['profile', 'add', 'idle', '--provider', 'claude']);
    await stage.token('demo');
    const table = await stage.ok(['status']);
    assert.match(table, /PROFILE.*PROVIDER.*STATE/);
    assert.match(table, /demo.*fresh/);
    const { store, agent, profiles } = await stage.json(['status']);
    assert.equal(store.kind, 'sealed');
    assert.equal(agent.pid, await stage.agentPid());
    const demo = profiles.find((one) => one.profile === 'demo');
    assert.equal(demo.state, 'fresh');
    assert.match(demo.expires_at, instant);
    assert.match(demo.renews_at, instant);
    assert.ok(demo.seconds_left > 3000 && demo.seconds_left <= 3600);
    assert.equal(profiles.find((one) => one.profile === 'idle').state, 'signed_out');
});

test('without a terminal nothing is asked and no browser is opened, but by login', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile();
    const browser = stage.browser();
    expectError(await stage.hearth(['token', 'demo'], { env: browser.env }), 3);
    assert.equal(browser.opened(), false);
    const login = await stage.hearth(['login', 'demo', '--no-browser', '--non-interactive'], { env: browser.env, limit: 3000 });
    assert.equal(browser.opened(), false);
    assert.match(login.stderr, /^https?:\/\/\S+$/m, 'the address alone on a line');
});

test('ctrl-C ends a sign-in and leaves nothing behind', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, []);
    await sandbox.profile();
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'demo'], { env: browser.env });
    const callback = new URL(new URL(await browser.url()).searchParams.get('redirect_uri'));
    const { status, signal } = await login.stop('SIGINT');
    assert.ok(status === 130 || signal === 'SIGINT', `ended with ${status ?? signal}`);
    await until('the callback port to be closed', () => fetch(callback.origin).then(() => false, () => true));
    await sandbox.server.stop();
    assert.equal((await stage.profileStatus('demo')).state, 'signed_out');
});

test('another account on a profile needs --switch', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: 'sk-ant-api03-the-first-key\n' }), 0);
    const again = await stage.hearth(['login', 'claude', '--with-token', '--switch'], { input: 'sk-ant-api03-the-second-key\n' });
    expectStatus(again, 0);
    assert.equal(await stage.token('claude'), 'sk-ant-api03-the-second-key');
});

test('logout erases even when the provider cannot be reached, and says so by status 4', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    await sandbox.server.stop();
    expectStatus(await stage.hearth(['logout', 'demo']), 4);
    expectStatus(await stage.hearth(['token', 'demo']), 3);
});

test('the agent is started, told about, stopped', async (t) => {
    const stage = Stage.open(t);
    await stage.ok(['agent', 'start']);
    const pid = await stage.agentPid();
    assert.ok(pid);
    assert.equal((await stage.json(['agent', 'status'])).pid, pid);
    await stage.ok(['agent', 'start']);
    assert.equal(await stage.agentPid(), pid, 'a second start leaves the first');
    await stage.ok(['agent', 'stop']);
    await until('the agent to end', async () => (await stage.agentPid()) === undefined);
});

test('doctor names what is wrong with this machine, and the fix', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const told = await stage.hearth(['doctor', '--json'], { env: { HEARTH_NO_AGENT: '1' } });
    const { checks } = JSON.parse(told.stdout);
    const store = checks.find((one) => /store|keychain/.test(one.name));
    assert.equal(store.state, 'fail', 'there is no keychain here');
    assert.match(store.hint, /store\.kind/);
});

test('a home whose path is too long for a socket works', async (t) => {
    const stage = Stage.open(t);
    const long = `${stage.home}/${'long-folder-name/'.repeat(8)}home`;
    const env = { HEARTH_HOME: long };
    await stage.ok(['config', 'set', 'store.kind', 'memory'], { env });
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude'], { env });
    expectStatus(await stage.hearth(['token', 'claude'], { env }), 3);
    await stage.ok(['agent', 'stop'], { env });
});
