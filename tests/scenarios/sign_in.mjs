// The whole life of a session against a certified authorization server: sign-in, use, renewal, sign-out.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';

import { IdentityServer } from '../support/identity.mjs';
import { Person, alice } from '../support/person.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const grant = { code: 'authorization_code', refresh: 'refresh_token', device: 'urn:ietf:params:oauth:grant-type:device_code' };

async function addProfile(stage, server, name = 'work', parameters = ['--client-id', 'native']) {
    await stage.ok(['profile', 'add', name, '--provider', 'oidc', '--issuer', server.issuer, ...parameters]);
}

// Signs in by browser; the person is a script.
async function signIn(stage, name = 'work', parameters = []) {
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', name, '--json', ...parameters], { env: browser.env });
    const end = await new Person().visit(await browser.url(), alice);
    const result = await login.ended;
    assert.equal(result.status, 0, `login: ${login.stderr}\n${login.lines.join('\n')}`);
    return { page: end, events: login.lines.map((line) => JSON.parse(line)) };
}

async function userinfo(stage, server, headers) {
    const lines = headers ?? (await stage.ok(['headers', 'work', '--url', `${server.issuer}/me`]));
    const pairs = lines.trim().split('\n').map((line) => line.split(/:\s*(.*)/s).slice(0, 2));
    return fetch(`${server.issuer}/me`, { headers: Object.fromEntries(pairs) });
}

test('a browser sign-in gives a token that the server takes, and ends on a page that says so', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server, 'work', ['--client-id', 'native', '--scope', 'openid', '--scope', 'offline_access', '--scope', 'email']);
    const { page, events } = await signIn(stage);

    assert.equal(page.status, 200);
    assert.match(page.url, /^http:\/\/127\.0\.0\.1:\d+\//);
    assert.doesNotMatch(page.url, /code=|state=/, 'the address bar is left without the code');
    assert.match(page.text, /close/i);
    assert.equal(events.at(-1).event, 'done');
    assert.equal(events.at(-1).profile, 'work');
    assert.match(events.at(-1).expires_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

    const answer = await userinfo(stage, server);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { sub: 'alice', email: 'alice@example.test' });
    assert.match(await stage.ok(['whoami', 'work']), /alice@example\.test/);
    const codes = await server.grants(grant.code);
    assert.deepEqual(codes, [{ grant: grant.code, client: 'native', pkce: true }]);
    assert.deepEqual((await server.records()).errors, []);
});

test('the agent renews before the expiry, and the server sees one renewal for each', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage, { lifetime: 8 });
    await addProfile(stage, server);
    await signIn(stage);
    const first = await stage.token('work');
    const expires = Date.parse((await stage.profileStatus('work')).expires_at);
    const events = stage.start(programs.hearth, ['events', '--follow']);
    const renewed = JSON.parse(await events.line('a renewal', (line) => line.includes('"renewed"')));
    assert.ok(Date.now() < expires, 'renewed before the first token expired');
    assert.equal((renewed.event ?? renewed).profile ?? renewed.profile, 'work');

    const second = await stage.token('work');
    assert.notEqual(second, first);
    assert.equal((await userinfo(stage, server)).status, 200);
    const renewals = (await server.grants(grant.refresh)).length;
    assert.ok(renewals >= 1 && renewals <= 2, `${renewals} renewals`);
    assert.deepEqual((await server.records()).revoked, [], 'rotation was respected: no family was revoked');
});

test('without an agent a session is renewed when it is needed', async (t) => {
    const stage = Stage.open(t, { variables: { HEARTH_NO_AGENT: '1' } });
    const server = await IdentityServer.start(stage, { lifetime: 60 });
    await addProfile(stage, server);
    await signIn(stage);
    const first = await stage.token('work');
    const later = { env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '61' } };
    const second = await stage.token('work', later);
    assert.notEqual(second, first);
    assert.equal(await stage.token('work', later), second, 'what was renewed is kept');
    assert.equal((await server.grants(grant.refresh)).length, 1);
    assert.equal(await stage.agentPid(), undefined, 'no agent was started');
});

test('signing out revokes at the server and erases here', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server);
    await signIn(stage);
    const headers = await stage.ok(['headers', 'work', '--url', `${server.issuer}/me`]);
    await stage.ok(['logout', 'work']);

    assert.equal((await userinfo(stage, server, headers)).status, 401, 'the server forgot the token');
    const refused = expectStatus(await stage.hearth(['token', 'work']), 3);
    assert.equal(refused.stdout, '');
    assert.match(refused.stderr, /hearth login work/);
    assert.equal((await stage.profileStatus('work')).state, 'signed_out');
});

test('a device sign-in works without a browser on this machine', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server);
    const login = stage.start(programs.hearth, ['login', 'work', '--device', '--json']);
    const code = JSON.parse(await login.line('the code', (line) => line.includes('"code"')));
    assert.equal(code.verification_uri, `${server.issuer}/device`);
    const end = await new Person().visit(code.verification_uri, { ...alice, user_code: code.user_code });
    assert.match(end.text, /success|continue/i);
    assert.equal((await login.ended).status, 0, login.stderr);
    assert.equal((await userinfo(stage, server)).status, 200);
    assert.equal((await server.grants(grant.device)).length, 1);
});

test('without a client id hearth registers itself where the server allows it', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server, 'work', []);
    await signIn(stage);
    const [client] = (await server.records()).registered;
    assert.equal(client.application_type, 'native');
    assert.equal(client.token_endpoint_auth_method, 'none');
    assert.equal((await userinfo(stage, server)).status, 200);
    await stage.token('work', { env: { HEARTH_NO_AGENT: '1', LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '61' } });
    assert.deepEqual(await server.grants(grant.refresh), [{ grant: grant.refresh, client: client.client_id, pkce: false }]);
});

test('a confidential client authenticates with a secret that needs form encoding', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    // A secret is written into the file by hand: a command line is for every process to read.
    stage.configure(
        `[profiles.work]\nprovider = "oidc"\nissuer = "${server.issuer}"\n` +
            `client_id = "confidential"\nclient_secret = "needs/form+encoding: %"\n`,
    );
    await signIn(stage);
    assert.equal((await userinfo(stage, server)).status, 200);
});

test('a person who says no ends the sign-in with an error, and nothing is stored', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server);
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'work', '--json'], { env: browser.env });
    const asked = new URL(await browser.url());
    const refusal = new URL(asked.searchParams.get('redirect_uri'));
    refusal.search = new URLSearchParams({ error: 'access_denied', state: asked.searchParams.get('state'), iss: server.issuer });
    await fetch(refusal);
    assert.notEqual((await login.ended).status, 0);
    assert.equal(JSON.parse(login.lines.at(-1)).event, 'failed');
    expectStatus(await stage.hearth(['token', 'work']), 3);
});

// A port of this machine that another program has.
async function takePort(t) {
    const other = net.createServer();
    await new Promise((listening) => other.listen(0, '127.0.0.1', listening));
    t.after(() => other.close());
    return other.address().port;
}

test('a taken redirect port is named, and the sign-in goes on with a code to paste', async (t) => {
    const stage = Stage.open(t);
    const port = await takePort(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('claude', { provider: 'claude', settings: [`redirect_port=${port}`] });
    const browser = stage.browser();
    const login = stage.terminal([programs.hearth, 'login', 'claude'], { env: browser.env });
    await login.sees(`127.0.0.1:${port}`);
    await login.sees("the profile's redirect_port asks for it");
    await login.sees('Paste the code that the page shows');
    const { page } = await new Person().visit(await browser.url());
    login.types(`${/[\w-]+#[\w-]+/.exec(page)[0]}\n`);
    assert.equal((await login.ended).status, 0, login.shown);
    assert.ok(await stage.token('claude'));

    const nobody = await stage.hearth(['login', 'claude'], { env: stage.browser().env });
    assert.match(expectStatus(nobody, 1).stderr, /there is no terminal/, 'it does not wait for what cannot come');
});

test('a taken redirect port ends a sign-in that has no page for pasting, with the next step', async (t) => {
    const stage = Stage.open(t);
    const port = await takePort(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('demo', { settings: [`redirect_port=${port}`] });
    const browser = stage.browser();
    const login = expectStatus(await stage.hearth(['login', 'demo'], { env: browser.env }), 1);
    assert.match(login.stderr, new RegExp(`127\\.0\\.0\\.1:${port}: .*; the profile's redirect_port asks for it`));
    assert.match(login.stderr, new RegExp(`hint: end the program that has port ${port}, or choose another by redirect_port`));
    assert.equal(browser.opened(), false);
});

test('programs that ask to sign in at once open one tab', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    await addProfile(stage, server);
    const browsers = Array.from({ length: 8 }, () => stage.browser());
    const logins = browsers.map((one) => stage.start(programs.hearth, ['login', 'work', '--json'], { env: one.env }));
    const open = await until('one browser', () => browsers.find((one) => one.opened()));
    await new Person().visit(await open.url(), alice);
    for (const login of logins) assert.equal((await login.ended).status, 0, login.stderr);
    assert.equal(browsers.filter((one) => one.opened()).length, 0, 'no second tab');
    assert.equal((await server.grants(grant.code)).length, 1);
});
