// Links and pipes planted where hearth reads and writes: nothing is written elsewhere, and nothing waits for them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, alive } from '../support/stage.mjs';

const canary = 'somebody needs these words\n';

// Each puts something of its own where a file was, and says whether the outside was left alone.
const tricks = {
    'a symbolic link': (path, outside) => {
        writeFileSync(outside, canary);
        symlinkSync(outside, path);
    },
    'a dangling symbolic link': (path, outside) => symlinkSync(outside, path),
    'a hard link': (path, outside) => {
        writeFileSync(outside, canary, { mode: 0o600 });
        linkSync(outside, path);
    },
    'a named pipe': (path) => execFileSync('mkfifo', [path]),
    'a folder': (path) => mkdirSync(path),
};

const untouched = (trick, outside) =>
    trick === 'a symbolic link' || trick === 'a hard link' ? readFileSync(outside, 'utf8') === canary : !existsSync(outside);

// A home as it is after a sign-in, a renewal by an agent and a change of the settings.
async function livedIn(t) {
    const stage = Stage.open(t);
    Object.assign(stage.variables, { HEARTH_LOG: 'debug' });
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    await stage.token('demo');
    await stage.stopAgent();
    const template = join(stage.root, 'template');
    renameSync(stage.home, template);
    return { stage, template };
}

function filesBelow(folder, prefix = '') {
    return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
        const path = join(prefix, entry.name);
        return entry.isDirectory() ? filesBelow(folder, path) : [path];
    });
}

// Reads, writes and renews, with an agent and without; what matters is that each ends, by itself and with a status.
async function use(stage) {
    const ended = [];
    for (const agent of ['', '1']) {
        const env = { HEARTH_NO_AGENT: agent };
        for (const words of [['token', 'demo'], ['config', 'set', 'limits.burst', '40'], ['token', 'demo', '--min-ttl', '59m59s']]) {
            const result = await stage.hearth(words, { env });
            assert.equal(result.signal, null, `${words.join(' ')} did not end: ${result.stderr}`);
            if (result.status !== 0) assert.match(result.stderr, /^hearth(-agent)?: \S/m, words.join(' '));
            ended.push(result);
        }
    }
    const pid = await stage.agentPid();
    await stage.stopAgent();
    if (pid !== undefined) assert.ok(!alive(pid));
    return ended;
}

async function plantedAt(stage, template, name, trick) {
    const outside = join(stage.root, 'outside');
    for (const old of [stage.home, outside]) rmSync(old, { recursive: true, force: true });
    cpSync(template, stage.home, { recursive: true });
    const path = join(stage.home, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { recursive: true, force: true });
    tricks[trick](path, outside);
    const ended = await use(stage);
    assert.ok(untouched(trick, outside), `${trick} at ${name}: the outside was written`);
    return ended;
}

for (const trick of Object.keys(tricks)) {
    test(`${trick} in place of any file leads nobody astray`, async (t) => {
        const { stage, template } = await livedIn(t);
        const names = [...filesBelow(template), 'run/agent.sock', 'state/agent.log.1'];
        for (const name of ['config.toml', 'key', 'state/sealed/demo.sealed', 'state/sealed/key.json', 'state/sessions/demo.json', 'state/locks/demo.lock', 'state/agent.lock', 'state/agent.log', 'state/audit.log', 'state/config.lock'])
            assert.ok(names.includes(name), `${name} is among what is tried`);
        for (const name of names) await plantedAt(stage, template, name, trick);
    });
}

test('a folder replaced by a symbolic link is refused by name, and nothing is written behind it', async (t) => {
    const { stage, template } = await livedIn(t);
    for (const name of ['state', 'state/sealed', 'state/sessions', 'state/locks', 'run']) {
        const outside = join(stage.root, 'outside');
        for (const old of [stage.home, outside]) rmSync(old, { recursive: true, force: true });
        cpSync(template, stage.home, { recursive: true });
        mkdirSync(outside, { mode: 0o700 });
        rmSync(join(stage.home, name), { recursive: true, force: true });
        symlinkSync(outside, join(stage.home, name));
        const ended = await use(stage);
        assert.deepEqual(readdirSync(outside), [], `something was written behind ${name}`);
        if (name === 'state' || name === 'run') assert.ok(ended.some(({ stderr }) => /is a symbolic link/.test(stderr)), `${name}: ${ended.map(({ stderr }) => stderr).join('')}`);
    }
});
