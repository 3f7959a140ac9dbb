// What a newer hearth has stored: refused with clear words, and left exactly as it was.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Keyring } from '../support/keyring.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus } from '../support/stage.mjs';

const agentless = { HEARTH_NO_AGENT: '1' };
const newer = /format (2|99)\b.*a newer hearth wrote/;

// Every command says so, and a sign-in does not get as far as a browser.
async function refusedEverywhere(stage) {
    const browser = stage.browser();
    for (const env of [agentless, {}]) {
        const token = expectStatus(await stage.hearth(['token', 'demo'], { env }), 6);
        assert.match(token.stderr, newer);
        assert.match(token.stderr, /hint: install the newer hearth; nothing was overwritten/);
        assert.equal(token.stdout, '');
        const login = expectStatus(await stage.hearth(['login', 'demo'], { env: { ...env, ...browser.env } }), 6);
        assert.match(login.stderr, newer);
        const given = await stage.hearth(['login', 'demo', '--with-token'], { env, input: 'at-of-mine\n' });
        assert.match(expectStatus(given, 6).stderr, newer);
        const status = await stage.profileStatus('demo', { env });
        assert.equal(status.state, 'store_unavailable');
        assert.match(status.last_error, newer);
        const logout = expectStatus(await stage.hearth(['logout', 'demo'], { env }), 6);
        assert.match(logout.stderr, newer);
    }
    assert.equal(browser.opened(), false);
}

test('a sealed file of a newer format stays byte for byte', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const path = join(stage.home, 'state', 'sealed', 'demo.sealed');
    const file = readFileSync(path);
    assert.equal(file.toString('latin1', 0, 13), 'HEARTH-SEALED');
    file.writeUInt16BE(2, 13);
    writeFileSync(path, file);
    await refusedEverywhere(stage);
    assert.deepEqual(readFileSync(path), file);
    assert.equal((await sandbox.liveFamilies()).length, 1, 'nothing was revoked either');
});

// The session is kept as JSON in an item with attributes; both have a number.
async function keychainItem(t) {
    const stage = Stage.open(t, { store: 'unset' });
    const keyring = await Keyring.start(stage);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const installation = readFileSync(join(stage.home, 'state', 'installation_id'), 'utf8').trim();
    const attributes = ['application', 'hearth', 'installation', installation, 'session', 'demo'];
    const read = async () => {
        const found = await stage.run('secret-tool', ['lookup', ...attributes]);
        return expectStatus(found, 0).stdout;
    };
    const write = async (format, text) => {
        expectStatus(await stage.run('secret-tool', ['clear', ...attributes]), 0);
        const more = ['format', format, 'xdg:schema', 'hearth.Session'];
        const stored = await stage.run('secret-tool', ['store', '--label', 'hearth: demo', ...attributes, ...more], { input: text });
        expectStatus(stored, 0);
    };
    return { stage, keyring, sandbox, read, write };
}

test('a session of a newer format in the keychain stays byte for byte', async (t) => {
    const { stage, sandbox, read, write } = await keychainItem(t);
    const document = (await read()).replace(/"format":\d+/, '"format":99');
    assert.match(document, /"format":99/);
    await write('1', document);
    await refusedEverywhere(stage);
    assert.equal(await read(), document);
    assert.equal((await sandbox.liveFamilies()).length, 1, 'nothing was revoked either');
});

test('an item of a newer format in the keychain is not even read', async (t) => {
    const { stage, keyring, read, write } = await keychainItem(t);
    await write('2', 'what only a newer hearth can read');
    await refusedEverywhere(stage);
    assert.equal(await read(), 'what only a newer hearth can read');
    assert.match(await keyring.items(), /attribute\.format = 2/);
});
