// A command with credentials: what it finds in its environment, that it has the terminal, signals and exit status as if
// hearth were not there, and that its endpoint answers it alone.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';

import { AwsMachine } from '../support/aws.mjs';
import { ask, insideExec, listens, roleProfile } from '../support/endpoint.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, alive, expectStatus, patience, programs, until } from '../support/stage.mjs';

const key = 'sk-ant-api03-a-key-of-the-profile';

// A stage with a profile "claude" that holds a key.
async function withKey(t, options) {
    const stage = Stage.open(t, options);
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: `${key}\n` }), 0);
    return stage;
}
const exec = (stage, profiles, command, options) => stage.hearth(['exec', ...profiles, '--', ...command], options);

async function environment(stage, profiles, options) {
    const { stdout } = expectStatus(await exec(stage, profiles, ['/usr/bin/env', '-0'], options), 0);
    return Object.fromEntries(stdout.split('\0').filter(Boolean).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
const stateOf = (pid) => /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);

// A command that says which signals it gets, and ends at SIGTERM.
async function listening(stage) {
    const script = "for (const s of ['SIGINT','SIGQUIT','SIGHUP','SIGUSR1','SIGUSR2','SIGCONT']) process.on(s, () => console.log(s));" +
        "process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(4); }); setInterval(() => {}, 1000); console.log('ready', process.pid)";
    const running = stage.start(programs.hearth, ['exec', 'claude', '--', process.execPath, '-e', script]);
    const pid = Number((await running.line('it to be ready', (line) => line.startsWith('ready'))).split(' ')[1]);
    return { running, pid };
}

// What a Claude profile would take itself (sources.md) is not among these.
const planted = {
    AWS_ACCESS_KEY_ID: 'planted', AWS_SECRET_ACCESS_KEY: 'planted', AWS_SESSION_TOKEN: 'planted', AWS_SECURITY_TOKEN: 'planted',
    AWS_PROFILE: 'planted', AWS_DEFAULT_PROFILE: 'planted', AWS_ROLE_ARN: 'planted', AWS_WEB_IDENTITY_TOKEN_FILE: 'planted',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: 'planted', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: 'planted', AWS_BEARER_TOKEN_BEDROCK: 'planted',
    ANTHROPIC_BASE_URL: 'planted', ANTHROPIC_CUSTOM_HEADERS: 'planted', ANTHROPIC_IDENTITY_TOKEN: 'planted', ANTHROPIC_PROFILE: 'planted',
    CLAUDE_CODE_OAUTH_REFRESH_TOKEN: 'planted', CLAUDE_CODE_USE_VERTEX: 'planted',
    CLAUDE_CODE_SKIP_BEDROCK_AUTH: 'planted',
};

for (const agentless of ['', '1']) {
    const how = agentless ? 'without an agent' : 'with an agent';
    test(`${how}, a command has the profile's key, everything harmless, and no other credential`, async (t) => {
        const stage = await withKey(t, { variables: { HEARTH_NO_AGENT: agentless } });
        const found = await environment(stage, ['claude'], { env: { ...planted, AWS_REGION: 'eu-west-1', OTHER: 'kept' } });
        assert.equal(found.ANTHROPIC_API_KEY, key);
        assert.equal(found.HEARTH_EXEC, '1');
        assert.deepEqual([found.OTHER, found.AWS_REGION, found.HOME], ['kept', 'eu-west-1', stage.variables.HOME]);
        assert.deepEqual(Object.entries(found).filter(([, value]) => value === 'planted'), []);
    });
}

test('a token goes with the address of its own API', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.signedIn({ name: 'console', provider: 'claude' });
    const found = await environment(stage, ['console']);
    assert.equal(found.ANTHROPIC_AUTH_TOKEN, await stage.token('console'));
    assert.equal(found.ANTHROPIC_API_KEY, undefined);
    assert.equal(found.ANTHROPIC_BASE_URL, sandbox.told.base_url);
});

test('what hearth itself was given comes first, as with hearth token', async (t) => {
    const stage = await withKey(t);
    const given = { ANTHROPIC_AUTH_TOKEN: 'a-token-of-this-very-process' };
    const found = await environment(stage, ['claude'], { env: given });
    assert.deepEqual([found.ANTHROPIC_AUTH_TOKEN, found.ANTHROPIC_API_KEY], [given.ANTHROPIC_AUTH_TOKEN, undefined]);
    assert.equal(await stage.token('claude', { env: given }), given.ANTHROPIC_AUTH_TOKEN);
});

test('what cannot be run so is refused before anything is started', async (t) => {
    const stage = await withKey(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('demo');
    await stage.ok(['profile', 'add', 'other', '--provider', 'claude']);
    const refused = async (words, status, says) => {
        const done = expectStatus(await stage.hearth(['exec', ...words]), status);
        assert.match(done.stderr, says);
        assert.equal(done.stdout, '');
    };
    await refused(['claude'], 2, /no command is given.*\n.*hearth exec PROFILE -- COMMAND/);
    await refused(['claude', '--'], 2, /no command is given/);
    await refused(['--', 'echo', 'started'], 2, /no profile is named/);
    await refused(['nobody', '--', 'echo', 'started'], 2, /no profile is called 'nobody'/);
    await refused(['claude', 'other', '--', 'echo', 'started'], 2, /claude and other are both of claude/);
    await refused(['demo', '--', 'echo', 'started'], 2, /demo: no variable is known.*\n.*hearth token demo/);
    await refused(['other', '--', 'echo', 'started'], 3, /hearth login other/);
    await refused(['claude', '--wrong', '--', 'echo', 'started'], 2, /no option --wrong/);
});

test('the exit status is the command\'s, and a signal that ends it ends hearth', async (t) => {
    const stage = await withKey(t);
    for (const status of [0, 1, 3, 42, 255])
        expectStatus(await exec(stage, ['claude'], ['sh', '-c', `exit ${status}`]), status);
    for (const signal of ['TERM', 'KILL', 'SEGV', 'INT', 'USR1']) {
        const done = await exec(stage, ['claude'], ['sh', '-c', `kill -${signal} $$`]);
        assert.deepEqual([done.status, done.signal], [null, `SIG${signal}`]);
    }
    const missing = expectStatus(await exec(stage, ['claude'], ['no-such-program']), 127);
    assert.match(missing.stderr, /cannot start no-such-program: No such file/);
    const plain = stage.file('plain', 'no program', 0o600);
    expectStatus(await exec(stage, ['claude'], [plain]), 126);
    mkdirSync(`${stage.root}/folder`);
    expectStatus(await exec(stage, ['claude'], [`${stage.root}/folder`]), 126);
});

test('words behind the dashes are the command\'s, options and further dashes included', async (t) => {
    const stage = await withKey(t);
    const { stdout } = expectStatus(await exec(stage, ['claude'], ['printf', '%s,', '--help', '--json', '--', '-x', '']), 0);
    assert.equal(stdout, '--help,--json,--,-x,,');
});

test('standard input, output and errors are the command\'s, and no other descriptor is', async (t) => {
    const stage = await withKey(t);
    const echoed = expectStatus(await exec(stage, ['claude'], ['sh', '-c', 'cat; echo words >&2'], { input: 'through the pipe' }), 0);
    assert.deepEqual([echoed.stdout, echoed.stderr], ['through the pipe', 'words\n']);
    const opened = stage.run('/bin/sh', ['-c', `exec 5<'${stage.home}/config.toml'; exec '${programs.hearth}' exec claude -- ls /proc/self/fd`]);
    // The last is the folder that ls reads.
    assert.equal(expectStatus(await opened, 0).stdout, '0\n1\n2\n3\n');
});

test('signals that hearth is sent reach the command, but for those of the keyboard', async (t) => {
    const stage = await withKey(t);
    const { running, pid } = await listening(stage);
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) running.child.kill(signal);
    await running.line('SIGUSR2', (line) => line === 'SIGUSR2');
    assert.deepEqual(running.lines.slice(1).sort(), ['SIGHUP', 'SIGUSR1', 'SIGUSR2']);
    running.child.kill('SIGTERM');
    assert.deepEqual(await running.ended, { status: 4, signal: null });
    assert.equal(alive(pid), false);
});

test('what whoever started hearth ignores, the command ignores', async (t) => {
    const stage = await withKey(t);
    const script = `trap '' HUP INT; exec '${programs.hearth}' exec claude -- sh -c 'kill -HUP $$; kill -INT $$; echo went on'`;
    assert.equal(expectStatus(await stage.run('/bin/sh', ['-c', script]), 0).stdout, 'went on\n');
});

test('a command that is stopped stops hearth, and goes on with it', async (t) => {
    const stage = await withKey(t);
    const { running, pid } = await listening(stage);
    // The signal of ctrl-Z is discarded where no shell is there to continue a program.
    process.kill(pid, 'SIGSTOP');
    await until('both to be stopped', () => stateOf(pid) === 'T' && stateOf(running.pid) === 'T');
    running.child.kill('SIGCONT');
    await until('both to go on', () => stateOf(pid) !== 'T' && stateOf(running.pid) !== 'T');
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).status, 4);
});

test('the command has the terminal, and ctrl-C is for it', async (t) => {
    const stage = await withKey(t);
    const script = stage.file('at-terminal', '#!/bin/sh\ntrap "echo interrupted; exit 9" INT\ntest -t 0 && test -t 1 && test -t 2 && echo "at a terminal"\nread -r line\necho "read $line"\nwhile :; do sleep 0.1; done\n', 0o700);
    const terminal = stage.terminal(['exec', programs.hearth, 'exec', 'claude', '--', script]);
    await terminal.sees('at a terminal');
    terminal.types('a line\n');
    await terminal.sees('read a line');
    terminal.types('\x03');
    await terminal.sees('interrupted');
    assert.equal((await terminal.ended).status, 9);
});

test('an AWS profile gives the address of an endpoint and nothing that would come before it', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    const { running, env, url, token } = await insideExec(aws.stage, ['work'], { env: { ...planted, ANTHROPIC_API_KEY: 'planted', CLAUDE_CODE_OAUTH_TOKEN: 'planted' } });
    assert.equal(url.hostname, '127.0.0.1');
    assert.match(url.pathname, /^\/[0-9a-f]{32}$/);
    assert.match(token, /^[0-9a-f]{64}$/);
    assert.deepEqual([env.AWS_REGION, env.AWS_DEFAULT_REGION], [aws.told.region, aws.told.region]);
    assert.deepEqual([env.AWS_CONFIG_FILE, env.AWS_SHARED_CREDENTIALS_FILE], ['/dev/null', '/dev/null']);
    assert.deepEqual([env.AWS_EC2_METADATA_DISABLED, env.CLAUDE_CODE_USE_BEDROCK], ['true', '1']);
    assert.deepEqual(Object.entries(env).filter(([, value]) => value === 'planted'), []);
    const { status, body, headers } = await ask(url, { token });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'application/json');
    assert.deepEqual(Object.keys(body).filter((name) => name !== 'AccountId').sort(), ['AccessKeyId', 'Expiration', 'SecretAccessKey', 'Token']);
    assert.match(body.Expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    running.child.stdin.end();
    assert.equal((await running.ended).status, 0);
    await until('the endpoint to be gone', async () => !(await listens(url)));
});

test('beside a Claude profile the AWS keys are for the command\'s own use', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    await aws.stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    expectStatus(await aws.stage.hearth(['login', 'claude', '--with-token'], { input: `${key}\n` }), 0);
    const found = await environment(aws.stage, ['claude', 'work']);
    assert.equal(found.ANTHROPIC_API_KEY, key);
    assert.ok(found.AWS_CONTAINER_CREDENTIALS_FULL_URI);
    assert.equal(found.CLAUDE_CODE_USE_BEDROCK, undefined);
});

test('an endpoint answers its own token, from this machine, and nobody else', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    await roleProfile(aws, 'other', 'reader');
    const first = await insideExec(aws.stage, ['work']);
    const second = await insideExec(aws.stage, ['other']);
    assert.notEqual(first.url.port, second.url.port);
    const { url, token } = first;
    const port = url.port;
    const refused = [
        [{}, 401, 'NoToken'],
        [{ token: second.token }, 403, 'WrongToken'],
        [{ token: `Bearer ${token}` }, 403, 'WrongToken'],
        [{ token, path: second.url.pathname }, 404, 'NotFound'],
        [{ token, path: '/' }, 404, 'NotFound'],
        [{ token, host: `rebound.example:${port}` }, 403, 'ForeignHost'],
        [{ token, host: '127.0.0.1' }, 403, 'ForeignHost'],
        [{ token, headers: { Origin: 'http://127.0.0.1' } }, 403, 'PassedOn'],
        [{ token, headers: { 'Sec-Fetch-Site': 'none' } }, 403, 'PassedOn'],
        [{ token, headers: { 'X-Forwarded-For': '127.0.0.1' } }, 403, 'PassedOn'],
        [{ token, method: 'POST' }, 405, 'MethodNotAllowed'],
        [{ token, method: 'OPTIONS' }, 405, 'MethodNotAllowed'],
        [{ token, headers: { Padding: 'x'.repeat(9000) } }, 431, 'RequestTooLong'],
    ];
    for (const [request, status, code] of refused) {
        const answer = await ask(url, request);
        assert.deepEqual([answer.status, answer.body.code], [status, code]);
        assert.equal(typeof answer.body.message, 'string');
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
        assert.ok(!answer.text.includes(token) && !answer.text.includes('ASIA'), code);
    }
    for (const host of [`localhost:${port}`, `[::1]:${port}`]) assert.equal((await ask(url, { token, host })).status, 200);
});

test('a request may come in pieces, and many over one connection', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    const { url, token } = await insideExec(aws.stage, ['work']);
    const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: ${token}\r\n\r\n`;
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    t.after(() => socket.destroy());
    let heard = '';
    socket.on('data', (piece) => (heard += piece));
    const answers = () => heard.split('HTTP/1.1 200 OK').length - 1;
    for (const character of request) await new Promise((sent) => socket.write(character, sent));
    await until('the first answer', () => answers() === 1);
    socket.write(request + request + request.slice(0, 40));
    await until('the next two', () => answers() === 3);
    socket.write(request.slice(40));
    await until('the fourth', () => answers() === 4);
});

test('connections that say nothing keep nobody out', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    const { url, token } = await insideExec(aws.stage, ['work']);
    const sockets = Array.from({ length: 200 }, () => connect({ host: url.hostname, port: Number(url.port) }));
    for (const socket of sockets) socket.on('error', () => {}).on('connect', () => socket.write('G'));
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    await until('all to have come', () => sockets.every((socket) => !socket.connecting));
    assert.equal((await ask(url, { token })).status, 200);
});

for (const agentless of ['', '1']) {
    test(`hearth exec that is killed takes its endpoint along${agentless ? ', without an agent too' : ''}`, async (t) => {
        const aws = await AwsMachine.start(t);
        await roleProfile(aws);
        const { running, url, token, pid } = await insideExec(aws.stage, ['work'], { env: { HEARTH_NO_AGENT: agentless } });
        assert.equal((await ask(url, { token })).status, 200);
        const once = agentless ? children(running.pid).filter((child) => child !== pid) : [];
        running.child.kill('SIGKILL');
        await until('the endpoint to be gone', async () => !(await listens(url)));
        for (const one of once) await until('the agent for it to be gone', () => !alive(one));
        process.kill(pid, 'SIGKILL');
    });
}

test('an agent that ends leaves the endpoint to the next one, at the same address', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    const { running, url, token } = await insideExec(aws.stage, ['work']);
    const before = await aws.stage.agentPid();
    const answers = async () => (await ask(url, { token }).catch(() => ({}))).status === 200;
    await aws.stage.ok(['agent', 'stop']);
    await until('the next agent to answer', async () => (await aws.stage.agentPid()) !== before && answers());
    process.kill(await aws.stage.agentPid(), 'SIGKILL');
    await until('the one after it to answer', answers);
    running.child.stdin.end();
    assert.equal((await running.ended).status, 0);
    await until('the endpoint to be gone', async () => !(await listens(url)));
});

test('keys that cannot be had are told of, without a secret, and come back by themselves', async (t) => {
    const aws = await AwsMachine.start(t, ['--auto-approve', '--aws-ttl', '2']);
    await roleProfile(aws);
    const { url, token } = await insideExec(aws.stage, ['work']);
    const first = await ask(url, { token });
    assert.equal(first.status, 200);
    await aws.sandbox.fault('AssumeRole:status=503');
    const failed = await until('the keys to run out', async () => {
        const answer = await ask(url, { token });
        return answer.status === 503 && answer;
    });
    assert.match(failed.body.code, /^(ProviderUnreachable|CredentialsUnavailable)$/);
    assert.match(failed.body.message, /work/);
    assert.ok(!failed.text.includes(first.body.SecretAccessKey) && !failed.text.includes(token));
    await aws.sandbox.calm();
    // It is not asked again at once, and the longer the more often it has failed.
    const again = await until(
        'new keys',
        async () => {
            const answer = await ask(url, { token });
            return answer.status === 200 && answer;
        },
        4 * patience,
    );
    assert.notEqual(again.body.AccessKeyId, first.body.AccessKeyId);
});

test('a profile without keys is refused before the command is started', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws, 'closed', 'deployer');
    const done = await exec(aws.stage, ['closed'], ['echo', 'started']);
    assert.notEqual(done.status, 0);
    assert.equal(done.stdout, '');
    assert.match(done.stderr, /closed/);
});

test('hand-outs are in the audit log, by whom the endpoint was opened for', async (t) => {
    const aws = await AwsMachine.start(t);
    await roleProfile(aws);
    const { running, url, token } = await insideExec(aws.stage, ['work']);
    for (let i = 0; i < 3; ++i) assert.equal((await ask(url, { token })).status, 200);
    const log = `${aws.stage.home}/state/audit.log`;
    const lines = () => readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    const line = await until('the line', () => existsSync(log) && lines().find((one) => one.op === 'endpoint'));
    assert.deepEqual([line.profile, line.pid], ['work', running.pid]);
    assert.match(line.executable, /hearth$/);
    assert.ok(!readFileSync(log, 'utf8').includes(token));
});
