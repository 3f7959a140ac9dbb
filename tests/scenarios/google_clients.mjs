// Clients that are not ours get Google's tokens through hearth, and keep working when these expire in the middle of a run:
// Google's libraries for Node and Python, and Anthropic's SDK for Vertex; by the metadata server of `hearth exec`, and by an
// executable of an external_account file.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { AwsMachine } from '../support/aws.mjs';
import { ask, listens, roleProfile } from '../support/endpoint.mjs';
import { GoogleMachine } from '../support/google_machine.mjs';
import { expectStatus, patience, programs, until } from '../support/stage.mjs';

const node = [process.execPath, fileURLToPath(new URL('../support/google_client.mjs', import.meta.url))];
const python = ['/usr/bin/python3', '-B', fileURLToPath(new URL('../support/google_client.py', import.meta.url))];
// Tokens of a few seconds, so that they expire while a client runs.
const short = ['--auto-approve', '--google-ttl', '5'];
const tokenPath = '/computeMetadata/v1/instance/service-accounts/default/token';
const flavor = { 'Metadata-Flavor': 'Google' };

// A profile "work" of a service account's key, and what the clients are told of the sandbox.
async function machine(t, { parameters, more = '', type = 'service_account' } = {}) {
    const google = await GoogleMachine.start(t, parameters ? { parameters } : {});
    const file = google.write(await google.make(type), join(google.stage.root, 'key.json'));
    google.profile('work', `credentials_file = "${file}"\nproject = "${google.told.project}"\n${more}`);
    google.env = { VERTEX: google.told.vertex, PROJECT: google.told.project, ANTHROPIC_VERTEX_BASE_URL: google.told.vertex };
    return google;
}
async function client(google, words, env = {}) {
    const [program, ...rest] = words;
    const done = await google.stage.run(program, rest, { env: { ...google.env, ...env } });
    return JSON.parse(expectStatus(done, 0).stdout);
}
const inExec = (words) => [programs.hearth, 'exec', 'work', '--', ...words];

// A command in `hearth exec` that prints its environment and goes on until it is told to end.
async function insideExec(google, options = {}, profiles = ['work']) {
    const script = "console.log(JSON.stringify(process.env));process.stdin.resume();process.stdin.on('end',()=>process.exit())";
    const running = google.stage.start(programs.hearth, ['exec', ...profiles, '--', process.execPath, '-e', script], { stdin: 'pipe', ...options });
    const close = google.stage.close.bind(google.stage);
    google.stage.close = async () => {
        running.child.stdin.end();
        await running.ended;
        await close();
    };
    const env = JSON.parse(await running.line('its environment'));
    return { running, env, url: new URL(`http://${env.GCE_METADATA_HOST}/`) };
}
const get = (url, path) => ask(url, { path, headers: flavor });

for (const type of ['service_account', 'authorized_user']) {
    test(`Google's library for Node asks a model with the tokens of a ${type}, across an expiry`, async (t) => {
        const google = await machine(t, { parameters: short, type });
        const told = await client(google, inExec([...node, 'token']));
        assert.ok(told.tokens >= 2, `${told.tokens} tokens were used`);
        assert.deepEqual([told.statuses, told.kind, told.project], [[200], 'Compute', google.told.project]);
    });
}

test("Anthropic's SDK for Vertex asks a model across an expiry, whole and as a stream", async (t) => {
    const google = await machine(t, { parameters: short });
    const told = await client(google, inExec([...node, 'vertex']));
    assert.ok(told.tokens >= 2, `${told.tokens} tokens were used`);
    assert.ok(told.answers.every((text) => text.length > 0));
    assert.ok(told.streamed.length > 0);
});

test("Google's library for Python asks a model across an expiry", async (t) => {
    const google = await machine(t, { parameters: short });
    const told = await client(google, inExec([...python, 'token']));
    assert.ok(told.tokens >= 2, `${told.tokens} tokens were used`);
    assert.deepEqual([told.statuses, told.project], [[200], google.told.project]);
    assert.match(told.kind, /^google\.auth\.compute_engine\.credentials\.Credentials$/);
});

test('the libraries ask the endpoint and neither the files that lie in the home folder nor a proxy', async (t) => {
    const google = await machine(t, { parameters: short });
    google.write({ type: 'authorized_user', client_id: 'other', client_secret: 'other', refresh_token: 'other' });
    for (const words of [node, python]) {
        const told = await client(google, inExec([...words, 'token']), {
            GOOGLE_APPLICATION_CREDENTIALS: google.wellKnown,
            // Nobody is there, and nobody is asked.
            HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9',
        });
        assert.deepEqual(told.statuses, [200]);
    }
});

test('an ID token is had by the library for its own audience alone', async (t) => {
    const audience = 'https://service.example';
    const google = await machine(t, { more: `id_token_audience = "${audience}"` });
    const { token } = await client(google, inExec([...node, 'identity', audience]));
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    assert.equal(claims.aud, audience);
    const { url } = await insideExec(google);
    const identity = '/computeMetadata/v1/instance/service-accounts/default/identity';
    assert.equal((await get(url, `${identity}?audience=${encodeURIComponent('https://other.example')}`)).status, 404);
    assert.equal((await get(url, tokenPath)).status, 404);
});

test('a command finds the metadata server, the project and nothing that would come before', async (t) => {
    const google = await machine(t, { more: 'quota_project = "paying"' });
    const planted = {
        GOOGLE_APPLICATION_CREDENTIALS: '/planted', GOOGLE_OAUTH_ACCESS_TOKEN: 'planted', GOOGLE_API_KEY: 'planted', GEMINI_API_KEY: 'planted',
        CLOUDSDK_AUTH_ACCESS_TOKEN: 'planted', CLOUDSDK_CONFIG: '/planted', NO_GCE_CHECK: 'planted', GCE_METADATA_MTLS_MODE: 'planted',
    };
    const { running, env, url } = await insideExec(google, { env: planted });
    assert.match(env.GCE_METADATA_HOST, /^127\.0\.0\.1:\d+$/);
    assert.deepEqual([env.GCE_METADATA_IP, env.GCE_METADATA_ROOT], [env.GCE_METADATA_HOST, env.GCE_METADATA_HOST]);
    assert.deepEqual(Object.entries(env).filter(([, value]) => value.endsWith('planted')), []);
    const { project } = google.told;
    assert.deepEqual([env.GOOGLE_CLOUD_PROJECT, env.CLOUDSDK_CORE_PROJECT, env.GOOGLE_CLOUD_QUOTA_PROJECT], [project, project, 'paying']);
    assert.deepEqual([env.CLAUDE_CODE_USE_VERTEX, env.ANTHROPIC_VERTEX_PROJECT_ID, env.METADATA_SERVER_DETECTION], ['1', project, 'assume-present']);
    assert.deepEqual(readdirSync(env.CLOUDSDK_CONFIG), []);
    const token = await get(url, tokenPath);
    assert.deepEqual([token.status, token.headers['metadata-flavor'], token.headers['content-type']], [200, 'Google', 'application/json']);
    assert.deepEqual(Object.keys(token.body).sort(), ['access_token', 'expires_in', 'token_type']);
    assert.equal(await google.vertex(token.body.access_token), 200);
    running.child.stdin.end();
    assert.equal((await running.ended).status, 0);
    assert.equal(existsSync(env.CLOUDSDK_CONFIG), false);
    await until('the endpoint to be gone', async () => !(await listens(url)));
});

test('the folder of a hearth exec that was killed goes with the next one', async (t) => {
    const google = await machine(t);
    const { running, env } = await insideExec(google);
    running.child.kill('SIGKILL');
    running.child.stdin.end();
    await running.ended;
    assert.equal(existsSync(env.CLOUDSDK_CONFIG), true);
    const done = await google.stage.run(programs.hearth, ['exec', 'work', '--', 'printenv', 'CLOUDSDK_CONFIG']);
    const other = expectStatus(done, 0).stdout.trim();
    assert.notEqual(other, env.CLOUDSDK_CONFIG);
    assert.deepEqual([existsSync(env.CLOUDSDK_CONFIG), existsSync(other)], [false, false]);
});

for (const agentless of ['', '1']) {
    test(`hearth exec that is killed takes its metadata server along${agentless ? ', without an agent too' : ''}`, async (t) => {
        const google = await machine(t);
        const { running, url } = await insideExec(google, { env: { HEARTH_NO_AGENT: agentless } });
        assert.equal((await get(url, tokenPath)).status, 200);
        running.child.kill('SIGKILL');
        await until('the endpoint to be gone', async () => !(await listens(url)));
    });
}

test('a command may have an AWS profile and a Google one, and both come back at their addresses with the next agent', async (t) => {
    const google = await machine(t);
    const aws = new AwsMachine(google.stage, google.sandbox);
    await roleProfile(aws, 'keys');
    const { env, url } = await insideExec(google, {}, ['work', 'keys']);
    assert.deepEqual([env.CLAUDE_CODE_USE_VERTEX, env.CLAUDE_CODE_USE_BEDROCK], [undefined, undefined]);
    const keys = env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
    const token = env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
    const answers = async () => {
        const both = await Promise.all([get(url, tokenPath), ask(keys, { token })]).catch(() => []);
        return both.length === 2 && both.every((one) => one.status === 200);
    };
    assert.equal(await answers(), true);
    const before = await google.stage.agentPid();
    await google.stage.ok(['agent', 'stop']);
    await until('the next agent to answer', async () => (await google.stage.agentPid()) !== before && answers());
});

test('an endpoint refuses what its header, its host or a proxy gives away', async (t) => {
    const google = await machine(t);
    const { url } = await insideExec(google);
    const refused = [
        [tokenPath, { headers: { 'Metadata-Flavor': null } }, 403, 'NoFlavor'],
        [tokenPath, { headers: { ...flavor, 'X-Forwarded-For': '127.0.0.1' } }, 403, 'PassedOn'],
        [tokenPath, { headers: { ...flavor, Origin: 'http://127.0.0.1' } }, 403, 'PassedOn'],
        [tokenPath, { headers: { ...flavor, 'Sec-Fetch-Site': 'none' } }, 403, 'PassedOn'],
        [tokenPath, { host: `metadata.google.internal:${url.port}` }, 403, 'ForeignHost'],
        [tokenPath, { method: 'POST' }, 405, 'MethodNotAllowed'],
        ['/computeMetadata/v1/instance/attributes/x', {}, 404, 'NotFound'],
    ];
    for (const [path, options, status, code] of refused) {
        const answer = await ask(url, { path, headers: flavor, ...options });
        assert.deepEqual([answer.status, answer.body.code, answer.headers['metadata-flavor']], [status, code, 'Google']);
        assert.ok(!answer.text.includes('ya29'));
    }
});

test('another user of the machine is not let in', { skip: process.getuid() === 0 ? false : 'only root can play another user' }, async (t) => {
    const google = await machine(t);
    const { url } = await insideExec(google);
    const asked = ['--silent', '--noproxy', '*', '--max-time', '20', '--header', 'Metadata-Flavor: Google', `${url.origin}${tokenPath}`];
    const own = spawnSync('curl', asked, { encoding: 'utf8' });
    assert.ok(own.stdout.includes('access_token'), own.stderr);
    const other = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'curl', ...asked], { encoding: 'utf8' });
    assert.equal(other.stdout, '');
    // Nothing was answered, or the connection was reset.
    assert.ok([52, 56].includes(other.status), `curl ended with ${other.status}`);
    await until('the log to tell', () => /let somebody not in: user 65534/.test(readFileSync(join(google.stage.home, 'state/agent.log'), 'utf8')));
});

test('a token that cannot be had is told of, and comes back by itself', async (t) => {
    const google = await machine(t, { parameters: short });
    const { url } = await insideExec(google);
    assert.equal((await get(url, tokenPath)).status, 200);
    await google.sandbox.fault('google_token:status=503');
    const failed = await until('the token to run out', async () => {
        const answer = await get(url, tokenPath);
        return answer.status === 503 && answer;
    });
    assert.match(failed.body.message, /work/);
    assert.equal(failed.headers['metadata-flavor'], 'Google');
    await google.sandbox.calm();
    // It is not asked again at once, and the longer the more often it has failed.
    await until('a new token', async () => (await get(url, tokenPath)).status === 200, 4 * patience);
});

// An external_account file whose executable is hearth: a token of an OpenID provider that the pool trusts.
async function pool(t, parameters = short) {
    const google = await GoogleMachine.start(t, { parameters });
    const claims = JSON.stringify({ claims: { aud: `https:${google.told.workload_audience}`, sub: 'robot' } });
    const script = google.stage.file('issue', `#!/bin/sh\ncurl --silent --noproxy '*' --data '${claims}' '${google.sandbox.origin}/_sandbox/identity' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/'\n`, 0o700);
    google.stage.configure(`[profiles.pool]\nprovider = "oidc"\nissuer = "${google.sandbox.told.issuer}"\nclient_id = "sandbox"\ntoken_helper = "${script}"\n`);
    const command = `${programs.hearth} credentials pool --format google-executable`;
    const file = google.write(await google.make('external_account', { source: 'executable', command }), join(google.stage.root, 'external.json'));
    google.env = {
        // The library would ask Google for the project otherwise.
        VERTEX: google.told.vertex, PROJECT: google.told.project, GOOGLE_CLOUD_PROJECT: google.told.project,
        GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1',
    };
    return { google, command: command.split(' ') };
}
const newPython = (() => {
    try {
        execFileSync('/usr/bin/python3', ['-c', 'import google.auth.pluggable'], { stdio: 'ignore' });
        return false;
    } catch {
        return "this distribution's google-auth is older than executables";
    }
})();

test("Google's library for Node runs hearth as an executable, across an expiry", async (t) => {
    const { google } = await pool(t);
    const told = await client(google, [...node, 'token']);
    assert.ok(told.tokens >= 2, `${told.tokens} tokens were used`);
    assert.deepEqual([told.statuses, told.kind], [[200], 'PluggableAuthClient']);
});

test("Google's library for Python runs hearth as an executable, across an expiry", { skip: newPython }, async (t) => {
    const { google } = await pool(t);
    const told = await client(google, [...python, 'token']);
    assert.ok(told.tokens >= 2, `${told.tokens} tokens were used`);
    assert.deepEqual(told.statuses, [200]);
});

test('an executable that fails says so in its own form, and nothing on standard error', async (t) => {
    const { google, command } = await pool(t);
    const [program, ...words] = command;
    const good = expectStatus(await google.stage.run(program, words), 0);
    const document = JSON.parse(good.stdout);
    assert.deepEqual([document.version, document.success, document.token_type, good.stderr], [1, true, 'urn:ietf:params:oauth:token-type:jwt', '']);
    google.stage.file('issue', '#!/bin/sh\necho noise >&2\nexit 1\n', 0o700);
    await google.stage.stopAgent();
    const failed = await google.stage.run(program, words);
    assert.notEqual(failed.status, 0);
    const told = JSON.parse(failed.stdout);
    assert.deepEqual([told.version, told.success, failed.stderr], [1, false, '']);
    assert.ok(told.code.length > 0 && told.message.includes('pool'));
    const nobody = await google.stage.run(programs.hearth, ['credentials', 'nobody', '--format', 'google-executable']);
    assert.deepEqual([nobody.status, JSON.parse(nobody.stdout).success, nobody.stderr], [2, false, '']);
});

test("Google's tokens are printed for a shell, and whole for scripts", async (t) => {
    const google = await machine(t);
    const { stdout } = expectStatus(await google.stage.hearth(['credentials', 'work', '--format', 'env']), 0);
    const token = await google.stage.token('work');
    assert.equal(stdout, `export CLOUDSDK_AUTH_ACCESS_TOKEN=${token}\nexport GOOGLE_OAUTH_ACCESS_TOKEN=${token}\n`);
    const parts = JSON.parse(expectStatus(await google.stage.hearth(['credentials', 'work', '--format', 'json']), 0).stdout);
    const body = parts.ok ?? parts;
    assert.deepEqual([body.provider, body.kind, body.token], ['google', 'bearer', token]);
});
