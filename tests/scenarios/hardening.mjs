// The agent as other processes find it: what the kernel says about it, and what it refuses to those who try.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const root = process.getuid() === 0;
const somebody = 12345;
const stranger = 12346;

// The words that run a command as that user, with no privilege left.
const as = (user) => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'];

const below = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [join(folder, entry.name), ...below(join(folder, entry.name))] : [join(folder, entry.name)],
    );

function fact(pid, name, file = 'status') {
    const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
    return new RegExp(`^${name}:?\\s+(.*)$`, 'm').exec(text)?.[1];
}

// The processes that run this file, helpers of the agent's own included.
const running = (file) =>
    readdirSync('/proc').map(Number).filter((pid) => {
        try {
            return pid && readlinkSync(`/proc/${pid}/exe`) === file;
        } catch {
            return false; // It has ended.
        }
    });

async function foreground(stage, { before = '', command = [] } = {}) {
    const agent = stage.start('/bin/sh', ['-c', `${before} exec "$@"`, 'sh', ...command, programs.agent, '--foreground']);
    await until('the agent', async () => (await stage.agentPid()) === agent.pid);
    return agent;
}

// An agent of a user without privileges, and the words with which that user and another one start programs.
async function agentOfSomebody(t) {
    if (!root) return t.skip('only root can become another user');
    let stop = () => {};
    t.after(() => stop()); // Before the stage goes, which does not know this user.
    const stage = Stage.open(t, { store: 'unset' });
    stage.configure('[store]\nkind = "memory"\n');
    // Where the build is, that user may not look.
    mkdirSync(join(stage.root, 'bin'));
    for (const name of ['hearth', 'hearth-agent']) copyFileSync(join(programs.hearth, '..', name), join(stage.root, 'bin', name));
    for (const path of [stage.root, ...below(stage.root)]) chownSync(path, somebody, somebody);
    const hearth = join(stage.root, 'bin', 'hearth');
    const run = (user, words, options) => stage.run(as(user)[0], [...as(user).slice(1), ...words], options);
    expectStatus(await run(somebody, [hearth, 'profile', 'add', 'demo', '--provider', 'claude']), 0);
    expectStatus(await run(somebody, [hearth, 'login', 'demo', '--with-token'], { input: 'sk-ant-api03-planted-key-of-somebody\n' }), 0);
    const { pid } = JSON.parse((await run(somebody, [hearth, 'agent', 'status', '--json'])).stdout);
    stop = () => run(somebody, [hearth, 'agent', 'stop']);
    return { stage, hearth, run, pid };
}

test('the kernel says that it has locked pages, no core, no new privileges and a filter', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn();
    const { pid } = await foreground(stage, { before: 'ulimit -c unlimited; umask 000;' });
    await stage.token('demo');

    assert.match(fact(pid, 'Max core file size', 'limits'), /^0\s+0\s/);
    assert.equal(fact(pid, 'NoNewPrivs'), '1');
    assert.equal(fact(pid, 'Umask'), '0077');
    assert.equal(fact(pid, 'Seccomp'), '2', 'a filter is in force');
    for (const thread of readdirSync(`/proc/${pid}/task`)) assert.equal(fact(`${pid}/task/${thread}`, 'Seccomp'), '2', 'in every thread');

    const locked = Number.parseInt(fact(pid, 'VmLck'), 10) * 1024;
    const limit = fact(pid, 'Max locked memory', 'limits').split(/\s+/)[0];
    assert.ok(locked > 0, 'secrets lie in locked pages');
    assert.ok(limit === 'unlimited' || locked <= Number(limit), `${locked} bytes are locked, of ${limit}`);
});

test('status and doctor tell that it is confined', async (t) => {
    const stage = Stage.open(t);
    assert.equal((await stage.json(['status'])).agent.confined, true);
    const { checks } = JSON.parse((await stage.hearth(['doctor', '--json'])).stdout);
    assert.equal(checks.find((check) => check.name === 'confinement').state, 'ok');
    assert.equal(checks.find((check) => check.name === 'core dumps').state, 'ok');
});

test('a process of the same user neither traces it nor reads its memory or environment', async (t) => {
    const { stage, run, pid } = (await agentOfSomebody(t)) ?? {};
    if (!stage) return;
    const reads = (file) => run(somebody, ['head', '-c', '1', file]);
    const ptrace = { x64: 101, arm64: 117 }[process.arch];
    const attaches = (victim) => run(somebody, ['perl', '-e', `exit(syscall(${ptrace}, 16, ${victim}, 0, 0) == 0 ? 0 : 1)`]);

    // What is tried works on a process that does not hide.
    const open = stage.start(as(somebody)[0], [...as(somebody).slice(1), 'sleep', '60']);
    await until('the other process', () => fact(open.pid, 'Name') === 'sleep');
    expectStatus(await reads(`/proc/${open.pid}/environ`), 0);
    const scope = '/proc/sys/kernel/yama/ptrace_scope';
    const anybody = !existsSync(scope) || Number(readFileSync(scope, 'utf8')) === 0;
    if (ptrace && anybody) expectStatus(await attaches(open.pid), 0);

    const all = running(join(stage.root, 'bin', 'hearth-agent'));
    assert.ok(all.includes(pid));
    for (const one of all) {
        for (const file of ['environ', 'mem', 'maps', 'auxv', 'syscall']) {
            const { status, stderr } = await reads(`/proc/${one}/${file}`);
            assert.notEqual(status, 0, `${file} can be read`);
            assert.match(stderr, /Permission denied|Operation not permitted/, file);
        }
        if (ptrace) assert.equal((await attaches(one)).status, 1);
    }
});

test('a second user is not served, however wide the folders and the socket are open', async (t) => {
    const { stage, hearth, run } = (await agentOfSomebody(t)) ?? {};
    if (!stage) return;
    const socket = join(stage.home, 'run', 'agent.sock');
    const asks = `use IO::Socket::UNIX; $SIG{PIPE} = 'IGNORE'; my $s = IO::Socket::UNIX->new(Peer => '${socket}') or exit 3;
        print $s '{"op":"token","profile":"demo"}', "\\n"; $s->flush; print scalar(<$s>) // 'nothing';`;
    const closed = await run(stranger, ['perl', '-e', asks]);
    assert.equal(closed.status, 3, 'the folders keep it out');

    for (const folder of [stage.root, stage.home, join(stage.home, 'run')]) chmodSync(folder, 0o777);
    chmodSync(socket, 0o666);
    assert.match((await run(somebody, ['perl', '-e', asks])).stdout, /sk-ant-api03-planted-key/, 'its own user is served');
    assert.equal((await run(stranger, ['perl', '-e', asks])).stdout, 'nothing');
    const other = await run(stranger, [hearth, 'token', 'demo']);
    assert.notEqual(other.status, 0);
    assert.equal(other.stdout, '');
    assert.match(other.stderr, /belongs|another user|somebody else/);
});

test('under a umask of 000 every file, folder and socket is for its owner alone', async (t) => {
    const stage = Stage.open(t, { store: 'unset' });
    const home = join(stage.root, 'new');
    Object.assign(stage.variables, { HEARTH_HOME: home, HEARTH_LOG: 'debug' });
    const sandbox = await Sandbox.start(stage);
    const hearth = async (...words) => expectStatus(await stage.run('/bin/sh', ['-c', 'umask 000; exec "$@"', 'sh', programs.hearth, ...words], { env: { BROWSER: stage.clicker() } }), 0);
    await hearth('config', 'set', 'store.kind', 'sealed');
    await hearth('config', 'set', 'store.key_file', join(home, 'key'));
    await hearth('profile', 'add', 'demo', '--provider', 'oidc', '--issuer', sandbox.told.issuer, '--client-id', 'sandbox');
    await hearth('login', 'demo');
    await hearth('token', 'demo', '--min-ttl', '59m');
    await until('the audit log', () => below(home).some((path) => path.endsWith('audit.log')));
    const found = below(home);
    for (const name of ['config.toml', 'key', 'agent.sock', 'agent.log', 'agent.lock', 'demo.sealed', 'demo.json', 'demo.lock'])
        assert.ok(found.some((path) => path.endsWith(`/${name}`)), `${name} is there`);
    for (const path of [home, ...found]) assert.equal(lstatSync(path).mode & 0o077, 0, path);
});
