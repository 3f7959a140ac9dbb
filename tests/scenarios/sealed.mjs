// The sealed file: for machines without a keychain.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs } from '../support/stage.mjs';

const agentless = { env: { HEARTH_NO_AGENT: '1' } };
const passphrase = 'several plain words';

test('files and folders are for their owner alone', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    await stage.token('demo');
    const walk = (folder) =>
        readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
            entry.isDirectory() ? [join(folder, entry.name), ...walk(join(folder, entry.name))] : [join(folder, entry.name)],
        );
    for (const path of walk(stage.home)) assert.equal(statSync(path).mode & 0o077, 0, path);
});

test('with a passphrase the agent is unlocked once, and then serves until it is locked', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\nkind = "sealed"\nkey_source = "passphrase"\n');
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile();
    await stage.ok(['agent', 'unlock'], { input: `${passphrase}\n` });
    await sandbox.signIn();
    const token = await stage.token('demo');
    await stage.ok(['agent', 'lock']);
    const locked = expectStatus(await stage.hearth(['token', 'demo']), 5);
    assert.match(locked.stderr, /hint: .*hearth agent unlock/);
    const wrong = expectStatus(await stage.hearth(['agent', 'unlock'], { input: 'something else\n' }), 5);
    assert.match(wrong.stderr, /passphrase/);
    await stage.ok(['agent', 'unlock'], { input: `${passphrase}\n` });
    assert.equal(await stage.token('demo'), token);
});

test('the first passphrase is typed twice at a terminal, and chosen nowhere else', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\nkind = "sealed"\nkey_source = "passphrase"\n');
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile();
    for (const env of [agentless.env, {}]) {
        const nobody = await stage.hearth(['login', 'demo', '--non-interactive'], { env: { ...env, BROWSER: stage.clicker() } });
        assert.match(expectStatus(nobody, 5).stderr, /the sealed store has no passphrase yet/);
        assert.match(nobody.stderr, /hint: .*hearth agent unlock.*store\.key_file/);
    }

    const login = stage.terminal([programs.hearth, 'login', 'demo'], { env: { ...agentless.env, BROWSER: stage.clicker() } });
    for (const [question, answer] of [
        ['New passphrase: ', passphrase],
        ['The same again: ', `${passphrase} `],
        ['These are not the same.', undefined],
        ['New passphrase: ', passphrase],
        ['The same again: ', passphrase],
    ]) {
        await login.sees(question);
        if (answer !== undefined) login.types(`${answer}\n`);
    }
    assert.equal((await login.ended).status, 0, login.shown);
    assert.match(login.shown, /Signed in to demo/);
    assert.doesNotMatch(login.shown, new RegExp(passphrase), 'what was typed is not shown');

    // It is chosen now: this time it is asked for once.
    const token = stage.terminal([programs.hearth, 'token', 'demo'], agentless);
    await token.sees("Passphrase of hearth's store: ");
    token.types(`${passphrase}\n`);
    assert.equal((await token.ended).status, 0, token.shown);
});

test('another key file opens nothing, and spoils nothing', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const token = await stage.token('demo', agentless);
    const key = join(stage.home, 'key');
    const kept = readFileSync(key);
    writeFileSync(key, Buffer.alloc(32, 7));
    const refused = await stage.hearth(['token', 'demo'], agentless);
    assert.ok(refused.status === 1 || refused.status === 5, `ended with ${refused.status}`);
    assert.match(refused.stderr, /key/);
    writeFileSync(key, kept);
    assert.equal(await stage.token('demo', agentless), token);
});

test('a damaged session is named, not overwritten and not taken for absent', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const file = join(stage.home, 'state', 'sealed', 'demo.sealed');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(file, bytes);
    const damaged = await stage.hearth(['token', 'demo'], agentless);
    assert.ok(damaged.status === 1 || damaged.status === 5, `ended with ${damaged.status}`);
    assert.match(damaged.stderr, /demo\.sealed/);
    assert.deepEqual(readFileSync(file), bytes);
});

test('a session file of another profile does not pass for this one', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    await sandbox.profile('other');
    const folder = join(stage.home, 'state', 'sealed');
    copyFileSync(join(folder, 'demo.sealed'), join(folder, 'other.sealed'));
    assert.notEqual((await stage.hearth(['token', 'other'], agentless)).status, 0);
});

test('a key comes through a file descriptor too', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\nkind = "sealed"\nkey_source = "key_fd"\nkey_fd = 3\n');
    const key = stage.file('key', 'ab'.repeat(32));
    const command = [`exec "${programs.hearth}" profile add demo --provider claude 3<"${key}"`];
    const added = await stage.run('/bin/sh', ['-c', command[0]], agentless);
    expectStatus(added, 0);
    const kept = await stage.run('/bin/sh', ['-c', `exec "${programs.hearth}" login demo --with-token 3<"${key}"`], {
        ...agentless,
        input: 'sk-ant-api03-through-a-descriptor\n',
    });
    expectStatus(kept, 0);
    const read = await stage.run('/bin/sh', ['-c', `exec "${programs.hearth}" token demo 3<"${key}"`], agentless);
    assert.equal(expectStatus(read, 0).stdout, 'sk-ant-api03-through-a-descriptor\n');
});
