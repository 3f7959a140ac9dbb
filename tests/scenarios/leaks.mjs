// The tokens are in the store and nowhere else.
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Keyring } from '../support/keyring.mjs';
import { Needles, ProcessWatch, dumpable, writable } from '../support/leaks.mjs';
import { putAntProfile } from '../support/other_tools.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

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

for (const signal of ['SIGSEGV', 'SIGABRT']) {
    test(`a crash of the agent by ${signal} leaves no dump behind`, async (t) => {
        const stage = Stage.open(t);
        const sandbox = await Sandbox.start(stage);
        await sandbox.signedIn();
        const dumps = () => readdirSync(stage.root).filter((name) => /core/.test(name));
        const crashing = (command) => stage.start('/bin/sh', ['-c', `ulimit -c unlimited; exec ${command}`]);
        const other = crashing('sleep 60');
        await until('the other program', () => readFileSync(`/proc/${other.pid}/comm`, 'utf8') === 'sleep\n');
        await other.stop(signal);
        // Where the kernel writes dumps beside the program, the search finds those of others.
        if (/^core/.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8'))) assert.equal(dumps().length, 1);
        const before = dumps();

        const agent = crashing(`"${programs.agent}" --foreground`);
        await until('the agent', async () => (await stage.agentPid()) === agent.pid);
        await stage.token('demo');
        assert.match(readFileSync(`/proc/${agent.pid}/limits`, 'utf8'), /Max core file size\s+0\s+0/);
        assert.equal((await agent.stop(signal)).signal, signal);
        assert.deepEqual(dumps(), before);
    });
}

// The names of the needles that lie in these pieces of memory.
function inMemory(needles, pieces) {
    const found = new Set();
    for (const { memory, start, size } of pieces) {
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
    assert.deepEqual(inMemory(control, dumpable(agent.pid)), ['issuer'], 'the search finds what is there');

    const needles = await needlesOf(sandbox, [first, second]);
    plant(needles, before);
    assert.deepEqual(inMemory(needles, dumpable(agent.pid)), []);
});

test('of a secret that was dropped nothing is left in the memory of the agent, locked pages and all', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('demo');
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    await stage.stopAgent();
    const agent = stage.start(programs.agent, ['--foreground']);
    await until('the agent', async () => (await stage.agentPid()) === agent.pid);
    await sandbox.signIn();
    expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: `${key}\n` }), 0);
    const token = await stage.token('demo');
    await stage.ok(['headers', 'demo', '--url', `${sandbox.origin}/userinfo`]);
    assert.equal(await stage.token('claude'), key);
    const served = new Needles();
    served.plant('access token', token);
    served.plant('API key', key);
    assert.deepEqual(inMemory(served, writable(agent.pid)).sort(), ['API key', 'access token'], 'while it is served it is there');

    await stage.ok(['logout', 'demo']);
    await stage.ok(['logout', 'claude']);
    const needles = await needlesOf(sandbox, [token]);
    await until('the last of them to be wiped', () => inMemory(needles, writable(agent.pid)).length === 0, 10_000).catch(() => {});
    assert.deepEqual(inMemory(needles, writable(agent.pid)), []);
});

// Each secret by the way it comes in; none of them has any business but on stdout, where a command hands it out.
const secrets = {
    stored: key,
    given: 'sk-ant-api03-planted-in-the-callers-variable',
    passed: 'planted-in-a-descriptor-of-the-caller',
    printed: 'sk-ant-api03-planted-output-of-a-helper',
    exported: 'planted-secret-access-key-of-a-command',
    refused: 'planted-token-that-a-server-refused',
    passphrase: 'planted passphrase of several words',
    client: 'planted-client-secret-of-a-profile',
    held: 'planted-refresh-token-of-another-program',
};

// Every command with what it may be given; `product`: its stdout is what was asked for.
function commands(stage, sandbox) {
    const file = stage.file('passed', secrets.passed);
    const env = (name, value) => ({ env: { HEARTH_LOG: 'debug', [name]: value } });
    const url = `${sandbox.origin}/userinfo`;
    const fromDescriptor = (...words) => [['sh', '-c', `exec 3<'${file}'; HEARTH_TOKEN_FD=3 exec '${programs.hearth}' "$@"`, 'sh', ...words]];
    const given = env('ANTHROPIC_API_KEY', secrets.given);
    return [
        [['agent', 'start']], [['agent', 'unlock'], { input: `${secrets.passphrase}\n` }],
        [['profile', 'add', 'second', '--provider', 'oidc', '--issuer', sandbox.told.issuer, '--client-id', 'sandbox', '--set', `client_secret=${secrets.client}`, '--wrong']],
        [['login', 'demo', '--json'], env('BROWSER', stage.clicker())], [['login', 'demo', '--device']],
        [['login', 'claude', '--with-token'], { input: `${secrets.stored}\n` }], [['login', 'claude', '--with-token'], { input: `${secrets.stored} twice\n` }],
        ...['token', 'headers'].flatMap((name) => {
            const rest = name === 'headers' ? ['--url', 'https://api.anthropic.com/v1/messages'] : [];
            return ['claude', 'helped'].map((profile) => [[name, profile, ...rest], { product: true }]).concat([[[name, 'claude', ...rest], { ...given, product: true }]]);
        }),
        [['token', 'demo', '--json'], { product: true }], [['headers', 'demo', '--url', url], { product: true }],
        [['headers', 'demo', '--url', 'http://elsewhere.example/']], [['token', 'demo', '--min-ttl', '9h']],
        [['rejected', 'demo'], { input: `${secrets.refused}\n`, product: true }], [['rejected', 'demo'], { input: `${secrets.refused} ${secrets.refused}\n` }],
        [['rejected', 'claude'], { input: `${secrets.stored}\n` }], [['rejected', 'helped'], { input: `${secrets.printed}\n` }],
        ...['demo', 'claude', 'helped'].flatMap((name) => [[['status', name]], [['status', name, '--json']], [['explain', name]], [['explain', name, '--json'], given], [['whoami', name]], [['profile', 'show', name]]]),
        fromDescriptor('token', 'claude').concat({ product: true }), fromDescriptor('explain', 'claude'), fromDescriptor('status'),
        [['exec', 'claude', '--', 'printenv', 'ANTHROPIC_API_KEY'], { product: true }], [['exec', 'claude', '--', 'no-such-program']],
        [['profile', 'list']], [['login', 'corp'], env('BROWSER', stage.clicker())], [['aws', 'roles', 'corp', '--json']], [['aws', 'roles', 'corp', '--account', '444455556666', '--add', 'reader']], [['aws', 'roles', 'demo']],
        [['credentials', 'vaulted'], { product: true }], [['rejected', 'vaulted'], { input: `{"Version":1,"AccessKeyId":"AKIAPLANTED","SecretAccessKey":"${secrets.exported}"}\n`, product: true }],
        [['status', 'vaulted', '--json']], [['explain', 'vaulted']], [['config', 'get', 'profiles.vaulted.credential_export']],
        [['token', 'corp'], { product: true }], [['whoami', 'corp']], [['explain', 'reader']], [['credentials', 'reader', '--format', 'env'], { product: true }], [['logout', 'corp']],
        [['login', 'vertex', '--with-key-file', join(stage.root, 'key.json')]], [['token', 'vertex'], { product: true }], [['status', 'vertex', '--json']], [['explain', 'vertex']],
        [['whoami', 'vertex']], [['login', 'vertex', '--with-key-file', join(stage.root, 'broken.json')]], [['credentials', 'vertex', '--format', 'google-executable'], { product: true }], [['logout', 'vertex']],
        [['config', 'get', 'store.kind']], [['config', 'set', 'limits.burst', '40']], [['config', 'get', 'profiles.helped.api_key_helper']],
        [['import', '--dry-run', '--json']], [['import', 'ant', '--as', 'imported', '--yes']], [['import', 'gh', '--file', '-'], { input: `github.com:\n  oauth_token: ${secrets.held}\n` }],
        [['trust', stage.root]], [['trust', 'list', '--json']], [['trust', 'remove', stage.root]],
        [['doctor', '--json']], [['agent', 'status', '--json']], [['agent', 'metrics']], [['agent', 'lock']],
        [['agent', 'unlock'], { input: 'another passphrase\n' }], [['agent', 'unlock'], { input: `${secrets.passphrase}\n` }],
        [['logout', 'demo']], [['logout', 'claude']], [['profile', 'remove', 'helped']], [['agent', 'stop']],
    ];
}

test('every command at the highest verbosity keeps every secret out of all but its product', async (t) => {
    const stage = Stage.open(t, { store: 'unset', variables: { HEARTH_LOG: 'debug' } });
    const sandbox = await Sandbox.start(stage);
    const vault = stage.file('vault', `#!/bin/sh\ncat '${stage.file('printed', secrets.printed)}'\n`, 0o700);
    stage.configure('[store]\nkind = "sealed"\nkey_source = "passphrase"\n');
    stage.configure(`[profiles.helped]\nprovider = "claude"\napi_key_helper = "${vault}"\n`);
    const keys = stage.file('keys', JSON.stringify({ Version: 1, AccessKeyId: 'AKIAPLANTED', SecretAccessKey: secrets.exported }));
    stage.configure(`[profiles.vaulted]\nprovider = "aws"\nregion = "eu-west-1"\ncredential_export = "cat '${keys}'"\n`);
    await sandbox.profile('demo');
    await stage.ok(['profile', 'add', 'claude', '--provider', 'claude']);
    const { sso_start_url, region, sso_oidc, sso_portal } = sandbox.told.aws;
    const center = { sso_start_url, sso_region: region, sso_oidc_endpoint: sso_oidc, sso_portal_endpoint: sso_portal };
    await stage.ok(['profile', 'add', 'corp', '--provider', 'aws', ...Object.entries(center).flatMap(([name, value]) => ['--set', `${name}=${value}`])]);
    const { control, tokeninfo } = sandbox.told.google;
    const robot = await (await fetch(control, { method: 'POST', body: JSON.stringify({ make: 'service_account' }) })).json();
    stage.file('key.json', JSON.stringify(robot));
    stage.file('broken.json', JSON.stringify({ ...robot, token_uri: 'https://elsewhere.example/token' }));
    stage.configure(`[profiles.vertex]\nprovider = "google"\ntokeninfo_endpoint = "${tokeninfo}"\n`);
    putAntProfile(stage, sandbox, { access_token: secrets.held, refresh_token: secrets.held });
    const watch = new ProcessWatch();
    const events = stage.start(programs.hearth, ['events', '--follow']);
    const said = [];
    const used = new Set(['events']);
    const handedOut = [];  // By AWS and its Identity Center; the sandbox's records do not have them.
    for (const [words, { product = false, ...options } = {}] of commands(stage, sandbox)) {
        const [program, ...rest] = words[0] === 'sh' ? words : [programs.hearth, ...words];
        const result = await stage.run(program, rest, options);
        assert.equal(result.signal, null, words.join(' '));
        said.push(`${words.slice(0, 2).join(' ')}: ${product && result.status === 0 ? '' : result.stdout}${result.stderr}`);
        used.add(words.slice(0, 2).join(' ')).add(words[0]);
        if (words[0] === 'credentials') handedOut.push(...[...result.stdout.matchAll(/(?:SECRET_ACCESS_KEY|SESSION_TOKEN)='?([^'\s]+)/g)].map(([, value]) => value));
        if (words[0] === 'token' && ['corp', 'vertex'].includes(words[1])) handedOut.push(result.stdout.trim());
    }
    watch.stop();
    const offered = [.../Commands:\n([\s\S]*?)\n\n/.exec(await stage.ok(['--help']))[1].matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)];
    for (const [, name] of offered) assert.ok(used.has(name), `${name} was not tried`);

    const needles = await needlesOf(sandbox, [secrets.refused]);
    for (const [name, secret] of Object.entries(secrets)) needles.plant(name, secret);
    assert.equal(handedOut.length, 4);
    handedOut.forEach((secret, index) => needles.plant(`handed out ${index}`, secret));
    for (const line of robot.private_key.split('\n').slice(1, -2)) needles.plant('private key', line);
    const product = (text) => text.split('\n').flatMap((line) => needles.in(line).map((name) => `${name}: ${line.split(':')[0]}`));
    // What the test itself wrote on a command line is not hearth's to hide.
    const own = (found) => found.filter((where) => !/client$/.test(where));
    assert.deepEqual(own(product(said.join('\n'))), [], 'what the commands said');
    assert.deepEqual(needles.in(events.lines.join('\n') + events.stderr), [], 'events');
    assert.deepEqual(needles.below(stage.home), [], 'files');
    assert.deepEqual(own(watch.found(needles)).filter((where) => !/^environ of (printenv: .*|.*: given)$/.test(where)), [], 'argv and environments');
    assert.ok(!watch.found(needles).some((where) => /hearth-agent/.test(where)), 'the agent was given none');
});
