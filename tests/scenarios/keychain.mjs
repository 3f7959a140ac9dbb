// The system's keychain: the real gnome-keyring on a private bus, in the states in which people's machines are.
import assert from 'node:assert/strict';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { Keyring } from '../support/keyring.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

const agentless = { env: { HEARTH_NO_AGENT: '1' } };

async function signedIn(t, parameters = []) {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\ntimeout = "2s"\n');
    const keyring = await Keyring.start(stage);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', ...parameters]);
    await sandbox.signedIn();
    return { stage, keyring, sandbox };
}

test('the keychain is the default, and the session is in it', async (t) => {
    const { stage, keyring } = await signedIn(t);
    const token = await stage.token('demo', agentless);
    assert.match(await keyring.items(), /hearth: demo/);
    assert.match((await stage.json(['status'], agentless)).store.kind, /keychain/);
    assert.equal(await stage.token('demo'), token, 'an agent reads the same session');
});

test('a session survives the keychain daemon, and the agent reconnects', async (t) => {
    const { stage, keyring } = await signedIn(t);
    const token = await stage.token('demo');
    await keyring.kill();
    assert.equal(await stage.token('demo'), token, 'the agent goes on serving');
    const gone = expectStatus(await stage.hearth(['token', 'demo'], agentless), 5);
    assert.match(gone.stderr, /store\.kind/, 'the hint names the other way to keep sessions');
    await keyring.serve('correct horse');
    assert.equal(await stage.token('demo', agentless), token);
    await stage.ok(['logout', 'demo']);
    assert.doesNotMatch(await keyring.items(), /hearth: demo/);
});

test('a locked keychain is not taken for one without a session', async (t) => {
    const { stage, keyring, sandbox } = await signedIn(t);
    await keyring.lock();
    const locked = expectStatus(await stage.hearth(['token', 'demo'], agentless), 5);
    assert.match(locked.stderr, /locked/);
    const browser = stage.browser();
    const login = await stage.hearth(['login', 'demo', '--non-interactive'], { env: { ...agentless.env, ...browser.env } });
    expectStatus(login, 5);
    assert.equal(browser.opened(), false, 'no browser is opened for a sign-in that could not be kept');
    assert.equal((await sandbox.liveFamilies()).length, 1, 'the good session is untouched');
});

test('a keychain that never answers costs its time limit and no more', async (t) => {
    const { stage, keyring } = await signedIn(t);
    const token = await stage.token('demo');
    keyring.freeze();
    try {
        assert.equal(await stage.token('demo'), token, 'what the agent holds is served meanwhile');
        const hanging = expectStatus(await stage.hearth(['token', 'demo'], agentless), 5);
        assert.match(hanging.stderr, /did not answer in time/);
        assert.match(hanging.stderr, /hint: .*store\.timeout/, 'it says what to do');
    } finally {
        keyring.thaw();
    }
    assert.equal(await stage.token('demo', agentless), token);
});

test('a bus that takes the call and never answers is given up in time', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\ntimeout = "1s"\n[profiles.demo]\nprovider = "claude"\n');
    const connections = [];
    const bus = net.createServer((connection) => connections.push(connection));
    await new Promise((listening) => bus.listen(join(stage.root, 'deaf'), listening));
    t.after(() => (connections.forEach((one) => one.destroy()), bus.close()));
    const env = { ...agentless.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(stage.root, 'deaf')}` };
    expectStatus(await stage.hearth(['token', 'demo'], { env }), 5);
    assert.ok(connections.length > 0, 'it was asked');
});

test('without a bus the error says what to do, and nothing weaker is used in secret', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[profiles.demo]\nprovider = "claude"\n');
    const none = expectStatus(await stage.hearth(['token', 'demo'], agentless), 5);
    assert.match(none.stderr, /hint: .*store\.kind/);
    const refused = await stage.hearth(['login', 'demo', '--with-token'], { ...agentless, input: 'sk-ant-api03-planted\n' });
    expectStatus(refused, 5);
});

test('a renewal that cannot be saved is served from memory, and saved when the keychain is back', async (t) => {
    const { stage, keyring, sandbox } = await signedIn(t, ['--access-ttl', '600']);
    const first = await stage.token('demo', agentless);
    // The token is due; the keychain dies between the request of the renewal and the save.
    const env = {
        LD_PRELOAD: process.env.SHIM,
        SHIM_CLOCK: '350',
        SHIM_RUN: 'after-send',
        SHIM_COMMAND: `kill -9 ${keyring.daemon.pid}`,
    };
    await stage.token('demo', { env });
    const second = await until('the renewal', async () => {
        const token = await stage.token('demo');
        return token !== first && token;
    });
    assert.match((await stage.profileStatus('demo')).last_error, /keychain|saved/);
    expectStatus(await stage.hearth(['token', 'demo'], agentless), 5);
    await keyring.serve('correct horse');
    await until('the save', async () => (await stage.hearth(['token', 'demo'], agentless)).stdout.trim() === second);
    assert.equal((await sandbox.refreshes()).length, 1);
});
