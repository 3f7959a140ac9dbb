// The tokens are in the store and nowhere else.
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Keyring } from '../support/keyring.mjs';
import { Needles, ProcessWatch, dumpable } from '../support/leaks.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, programs, until } from '../support/stage.mjs';

const lifetime = 600;
const key = 'sk-ant-api03-planted-key-that-must-not-show-up-anywhere';

// Every string that the sandbox issued, and the key that came in by hand.
function plant(needles, value, name = '') {
    if (typeof value === 'string') {
        if (/token|code|secret|verifier/i.test(name) && !/type|method|client_id|challenge/i.test(name)) needles.plant(name, value);
    } else if (value && typeof value === 'object') {
        for (const [member, inner] of Object.entries(value)) plant(needles, inner, Array.isArray(value) ? name : member);
    }
}

// Signs in, renews by agent and without, signs in with a key, reads everything there is to read, and keeps all that was
// said; returns the secrets that were in play.
async function live(stage, sandbox, said) {
    const note = async (parameters, options) => {
        const result = await stage.hearth(parameters, options);
        said.push(result.stderr);
        return result;
    };
    const verbose = { HEARTH_LOG: 'debug' };
    const shifted = { ...verbose, LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(lifetime + 1) };
    await sandbox.profile('demo');
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    await stage.stopAgent();
    await note(['login', 'demo', '--json'], { env: { ...verbose, BROWSER: stage.clicker() } });
    await note(['login', 'claude', '--with-token'], { env: verbose, input: `${key}\n` });
    const tokens = [(await note(['token', 'demo'])).stdout.trim()];
    await stage.stopAgent();
    tokens.push((await note(['token', 'demo'], { env: shifted })).stdout.trim());
    assert.notEqual(tokens[0], tokens[1]);
    for (const quiet of [['status'], ['status', '--json'], ['explain', 'demo'], ['doctor'], ['whoami', 'demo'], ['profile', 'show', 'demo']])
        said.push((await note(quiet)).stdout);
    await note(['token', 'nobody']);
    await sandbox.fault('refresh:garbage');
    await note(['token', 'demo', '--min-ttl', '2h']);
    await sandbox.calm();
    return tokens;
}

async function needlesOf(sandbox, tokens) {
    const needles = new Needles();
    tokens.forEach((token, index) => needles.plant(`access token ${index}`, token));
    needles.plant('API key', key);
    plant(needles, await sandbox.records());
    assert.ok(needles.count >= 20, `${needles.count} forms of secrets are looked for`);
    assert.deepEqual(needles.in(`x ${tokens[0]} x`), ['access token 0'].concat(needles.in(tokens[0]).slice(1)), 'the search finds what is there');
    return needles;
}

for (const store of ['sealed', 'keychain']) {
    test(`${store}: no secret in files, argv, environments, logs or output`, async (t) => {
        const stage = Stage.open(t, { store: store === 'sealed' ? 'sealed' : 'unset' });
        if (store === 'keychain') await Keyring.start(stage);
        const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime)]);
        const watch = new ProcessWatch();
        const said = [];
        const tokens = await live(stage, sandbox, said);
        const needles = await needlesOf(sandbox, tokens);

        // The search itself is put to the test: what is known to be there is found.
        const control = new Needles();
        control.plant('issuer', sandbox.told.issuer);
        control.plant('browser', join(stage.root, 'clicker'));
        assert.ok(control.below(stage.home).includes(`${join(stage.home, 'config.toml')}: issuer`));

        assert.deepEqual(needles.below(stage.root), [], 'files');
        assert.deepEqual(needles.in(said.join('\n')), [], 'what the commands said');
        watch.stop();
        assert.ok(watch.found(control).some((where) => /environ of .*: browser/.test(where)), 'environments are read');
        assert.ok(watch.found(control).some((where) => /cmdline of .*: issuer/.test(where)), 'argv is read');
        assert.deepEqual(watch.found(needles), [], 'argv and environments');
        assert.match(readFileSync(join(stage.home, 'state', 'agent.log'), 'utf8'), /demo/, 'the log did say something');
    });
}

test('a crash of the agent leaves no dump behind', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const agent = stage.start('/bin/sh', ['-c', `ulimit -c unlimited; exec "${programs.agent}" --foreground`]);
    await until('the agent', async () => (await stage.agentPid()) === agent.pid);
    await stage.token('demo');
    assert.match(readFileSync(`/proc/${agent.pid}/limits`, 'utf8'), /Max core file size\s+0\s+0/);
    const ended = await agent.stop('SIGSEGV');
    assert.equal(ended.signal, 'SIGSEGV');
    assert.deepEqual(readdirSync(stage.root).filter((name) => /core/.test(name)), []);
});

// The names of the needles that lie in what a dump would hold.
function inMemory(needles, pid) {
    const found = new Set();
    for (const { memory, start, size } of dumpable(pid)) {
        const bytes = Buffer.alloc(size);
        const file = openSync(memory, 'r');
        try {
            readSync(file, bytes, 0, size, start);
        } catch {
            // A page that cannot be read would not be in a dump either.
        } finally {
            closeSync(file);
        }
        for (const name of needles.in(bytes)) found.add(name);
    }
    return [...found];
}

test('what a dump of the agent would hold has none of the secrets it serves, before and after a renewal', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime)]);
    await sandbox.signedIn();
    const first = await stage.token('demo', { env: { HEARTH_NO_AGENT: '1' } });
    const before = await sandbox.records();
    const agent = stage.start(programs.agent, ['--foreground'], { env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '350' } });
    await until('the agent', async () => (await stage.agentPid()) === agent.pid);
    const second = await until('the renewal', async () => {
        const token = await stage.token('demo');
        return token !== first && token;
    });
    const control = new Needles();
    control.plant('issuer', sandbox.told.issuer);
    assert.deepEqual(inMemory(control, agent.pid), ['issuer'], 'the search finds what is there');

    const needles = await needlesOf(sandbox, [first, second]);
    plant(needles, before);
    assert.deepEqual(inMemory(needles, agent.pid), []);
});
