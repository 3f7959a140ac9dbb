// Files that hearth keeps fresh for programs that only read files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

const sdk = fileURLToPath(new URL('../support/anthropic_sdk.mjs', import.meta.url));
const mode = (path) => (statSync(path).mode & 0o7777).toString(8);
const read = (path) => readFileSync(path, 'utf8');
const holds = (path, text) => existsSync(path) && read(path).includes(text);
const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

// A stage with a profile of that provider, nobody signed in yet, and the sinks in its config.toml.
async function open(t, sinks, { provider = 'claude', parameters = [], variables = {} } = {}) {
    const stage = Stage.open(t, { variables });
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', '90', ...parameters]);
    await sandbox.profile('demo', { provider });
    const out = join(stage.root, 'out');
    mkdirSync(out);
    const tables = Object.entries(sinks).map(([name, keys]) => {
        const lines = Object.entries({ profile: 'demo', ...keys }).map(([key, value]) => `${key} = ${JSON.stringify(value.replace('OUT', out))}`);
        return `\n[sinks.${name}]\n${lines.join('\n')}\n`;
    });
    appendFileSync(join(stage.home, 'config.toml'), tables.join(''));
    return { stage, sandbox, out };
}
const written = (path) => until(`${path} to be written`, () => existsSync(path));
// A token of more life than the one that is there: a renewal ahead of its time.
async function renew(stage) {
    const old = await stage.token('demo');
    await until('another token', async () => (await stage.token('demo')) !== old || (await stage.hearth(['token', 'demo', '--min-ttl', '89s']), false));
    return stage.token('demo');
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`each kind of file is there after the sign-in, follows a renewal, and goes with the sign-out, ${how}`, async (t) => {
        const sinks = {
            bare: { kind: 'token', path: 'OUT/deep/token', mode: '0640' },
            whole: { kind: 'json', path: 'OUT/token.json' },
            entry: { kind: 'netrc', path: 'OUT/netrc', machine: 'git.example', login: 'me' },
            mounted: { kind: 'folder', path: 'OUT/mounted' },
            sdk: { kind: 'anthropic', path: 'OUT/anthropic', anthropic_profile: 'work' },
        };
        const { stage, sandbox, out } = await open(t, sinks, { variables });
        writeFileSync(join(out, 'netrc'), '# mine\nmachine other.example login you password kept\n', { mode: 0o600 });
        await sandbox.signIn();

        const check = async (token) => {
            for (const file of ['deep/token', 'token.json', 'netrc', 'mounted/token', 'anthropic/credentials/work.json', 'anthropic/configs/work.json']) {
                const expected = file.includes('configs') ? 'user_oauth' : token;
                await until(`the token in ${file}`, () => holds(join(out, file), expected));
            }
            assert.equal(read(join(out, 'deep/token')), token);
            assert.equal(read(join(out, 'mounted/token')), token);
        };
        const first = await stage.token('demo');
        await check(first);
        assert.equal(mode(join(out, 'deep/token')), '640');
        const whole = JSON.parse(read(join(out, 'token.json')));
        assert.deepEqual(whole, await stage.json(['token', 'demo']));
        assert.equal(mode(join(out, 'token.json')), '600');
        assert.equal(read(join(out, 'netrc')), `machine git.example login me password ${first}\n# mine\nmachine other.example login you password kept\n`);
        const credentials = JSON.parse(read(join(out, 'anthropic/credentials/work.json')));
        assert.equal(credentials.expires_at, Date.parse(whole.expires_at) / 1000);
        assert.equal(credentials.refresh_token, undefined);
        assert.equal(mode(join(out, 'anthropic/credentials/work.json')), '600');
        assert.equal(mode(join(out, 'anthropic/credentials')), '700');
        const config = JSON.parse(read(join(out, 'anthropic/configs/work.json')));
        assert.deepEqual(config.authentication, { type: 'user_oauth' });
        assert.equal(config.base_url, sandbox.told.base_url);

        const second = await renew(stage);
        assert.notEqual(second, first);
        await check(second);
        assert.equal(readdirSync(join(out, 'mounted')).filter((name) => name.startsWith('..generation')).length, 1);
        for (const file of files(out)) assert.ok(!holds(join(file.parentPath ?? file.path, file.name), first), `${file.name} has the old token`);

        await stage.ok(['logout', 'demo']);
        await until('them to go', () => !existsSync(join(out, 'deep/token')) && !existsSync(join(out, 'token.json')) && !existsSync(join(out, 'mounted/token')));
        await until('the credential to go', () => !existsSync(join(out, 'anthropic/credentials/work.json')));
        await until('the entry to go', () => read(join(out, 'netrc')) === '# mine\nmachine other.example login you password kept\n');

        await sandbox.signIn();
        await check(await stage.token('demo'));
    });
}

test("Anthropic's own SDK follows a renewal without being told", async (t) => {
    const { stage, sandbox, out } = await open(t, { sdk: { kind: 'anthropic', path: 'OUT/anthropic' } });
    await sandbox.signIn();
    await written(join(out, 'anthropic/configs/sdk.json'));
    const program = stage.start(process.execPath, ['--no-warnings', sdk], {
        stdin: 'pipe',
        env: { ANTHROPIC_PROFILE: 'sdk', ANTHROPIC_CONFIG_DIR: join(out, 'anthropic'), NODE_EXTRA_CA_CERTS: '' },
    });
    const ask = async (words) => {
        program.child.stdin.write(`${words}\n`);
        return JSON.parse(await program.line('an answer'));
    };
    assert.deepEqual(await ask('before'), { role: 'assistant' });
    const file = join(out, 'anthropic/credentials/sdk.json');
    const old = read(file);
    await sandbox.expire(); // What it holds is worth nothing from now on.
    await renew(stage);
    await until('the file to change', () => read(file) !== old);
    assert.deepEqual(await ask('after'), { role: 'assistant' });
});

test('a command runs after each change and is told where', async (t) => {
    const { stage, sandbox, out } = await open(t, {
        ci: { kind: 'token', path: 'OUT/token', then: 'echo "$HEARTH_SINK_PATH" >> OUT/told; echo noise' },
    }, { provider: 'oidc' });
    await sandbox.signIn();
    await until('the command', () => existsSync(join(out, 'told')));
    await renew(stage);
    await until('the command again', () => read(join(out, 'told')) === `${join(out, 'token')}\n`.repeat(2));
});

test('a command that fails is named until it ends well after another change', async (t) => {
    const { stage, sandbox, out } = await open(t, {
        ci: { kind: 'token', path: 'OUT/token', then: 'test -e OUT/ready' },
    }, { provider: 'oidc' });
    await sandbox.signIn();
    const error = async () => (await stage.json(['status'])).sinks[0].error;
    const told = await until('the trouble', error);
    assert.equal(told, 'the command after sink ci ended with status 1');
    assert.equal(read(join(out, 'token')), await stage.token('demo'), 'the file is there all the same');
    writeFileSync(join(out, 'ready'), '');
    await stage.ok(['config', 'set', 'limits.burst', '9']);
    assert.equal(await error(), told, 'nothing has changed since');
    await renew(stage);
    await until('all to be well', async () => (await error()) === null);
});

test('a profile that is removed takes its file along', async (t) => {
    const { stage, sandbox, out } = await open(t, { ci: { kind: 'token', path: 'OUT/token' } });
    await sandbox.signIn();
    await written(join(out, 'token'));
    expectStatus(await stage.hearth(['profile', 'remove', 'demo']), 0);
    await until('the file to go', () => !existsSync(join(out, 'token')));
});

test('a profile that is put back has its file again', async (t) => {
    const { stage, sandbox, out } = await open(t, { ci: { kind: 'token', path: 'OUT/token' } });
    await sandbox.signIn();
    await written(join(out, 'token'));
    const token = await renew(stage);
    await until('the renewal', () => holds(join(out, 'token'), token));
    const config = join(stage.home, 'config.toml');
    const whole = read(config);
    writeFileSync(config, whole.replaceAll('profiles.demo', 'profiles.away'));
    await stage.ok(['status']);
    await until('the file to go', () => !existsSync(join(out, 'token')));
    writeFileSync(config, whole);
    await stage.ok(['status']);
    await until('the file to come back', () => holds(join(out, 'token'), token));
});

test('a file that cannot be written is named, and written as soon as it can be', async (t) => {
    const { stage, sandbox, out } = await open(t, { ci: { kind: 'token', path: 'OUT/there/token' } }, { provider: 'oidc' });
    writeFileSync(join(out, 'there'), 'in the way');
    await sandbox.signIn();
    const sink = await until('the trouble', async () => (await stage.json(['status'])).sinks.find((one) => one.error));
    assert.match(sink.error, /out\/there is not a folder/);
    assert.match(await stage.ok(['status']), /sink ci: .*not a folder/);
    execFileSync('rm', [join(out, 'there')]);
    await renew(stage);
    await written(join(out, 'there/token'));
    await until('all to be well', async () => (await stage.json(['status'])).sinks.every((one) => one.error === null && one.written_at));
});

test("a profile of the SDKs' that another program renews is left alone, and so is what a link leads to", async (t) => {
    const { stage, sandbox, out } = await open(t, {
        sdk: { kind: 'anthropic', path: 'OUT/anthropic' },
        link: { kind: 'token', path: 'OUT/link' },
    });
    mkdirSync(join(out, 'anthropic/configs'), { recursive: true });
    const config = JSON.stringify({ version: '1.0', authentication: { type: 'user_oauth', client_id: 'another-program' } });
    writeFileSync(join(out, 'anthropic/configs/sdk.json'), config);
    writeFileSync(join(out, 'precious'), 'precious');
    execFileSync('ln', ['-s', 'precious', join(out, 'link')]);
    await sandbox.signIn();
    const sinks = await until('both to be refused', async () => {
        const { sinks } = await stage.json(['status']);
        return sinks.every((one) => one.error) && sinks;
    });
    assert.match(sinks.find((one) => one.sink === 'sdk').error, /is a profile that another program renews/);
    assert.match(sinks.find((one) => one.sink === 'link').error, /symbolic link/);
    assert.equal(read(join(out, 'anthropic/configs/sdk.json')), config);
    assert.equal(existsSync(join(out, 'anthropic/credentials/sdk.json')), false);
    assert.equal(read(join(out, 'precious')), 'precious');
});

test('a sink that lacks something is named with its line', async (t) => {
    const stage = Stage.open(t);
    const config = join(stage.home, 'config.toml');
    for (const [keys, says] of [
        ['path = "/tmp/x"', /config\.toml:\d+:\d+: sink 'ci' has no profile/],
        ['profile = "demo"', /sink 'ci' has no path/],
        ['profile = "demo"\npath = "relative"', /path must be/],
        ['profile = "demo"\npath = "/tmp/x"\nmode = "0666"', /mode must be the mode of a file that others cannot write/],
        ['profile = "demo"\npath = "/tmp/x"\nkind = "netrc"', /sink 'ci' has no machine/],
        ['profile = "demo"\npath = "/tmp/x"\nkind = "nonsense"', /kind must be/],
        ['profile = "demo"\npath = "/tmp/x"\nshape = "round"', /'shape' is not a key of \[sinks\.ci\]/],
    ]) {
        const before = existsSync(config) ? read(config) : '';
        appendFileSync(config, `\n[sinks.ci]\n${keys}\n`);
        chmodSync(config, 0o600);
        const refused = expectStatus(await stage.hearth(['config', 'get', 'store.kind'], { env: { HEARTH_NO_AGENT: '1' } }), 2);
        assert.match(refused.stderr, says);
        writeFileSync(config, before);
    }
});
