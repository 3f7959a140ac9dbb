// A workload signs in by itself: no person, no login. Its identity token is exchanged by the first who asks, again by each
// renewal, and lies in no file, log or argument of hearth's. Checked against the sandbox alone.
import assert from 'node:assert/strict';
import { createHash, createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { Needles, ProcessWatch } from '../support/leaks.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

// The platform: issues identity tokens and puts them where the profile looks.
class Workload {
    static async start(t, { parameters = [], variables = {}, source, settings = [] } = {}) {
        const stage = Stage.open(t, { variables });
        const sandbox = await Sandbox.start(stage, parameters);
        const workload = new Workload(stage, sandbox);
        workload.rule = await workload.setRule({});
        await workload.put();
        await workload.profile('ci', { source, settings });
        return workload;
    }

    constructor(stage, sandbox) {
        this.stage = stage;
        this.sandbox = sandbox;
        this.path = join(stage.root, 'identity');
    }

    async #ask(path, body) {
        const answer = await fetch(this.sandbox.origin + path, {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
        });
        assert.equal(answer.status, 200);
        return answer.json();
    }
    setRule(changes) {
        return this.#ask('/_sandbox/federation', changes);
    }
    async issue(claims = {}, algorithm = 'ES256') {
        return (await this.#ask('/_sandbox/identity', { claims, algorithm })).token;
    }
    // As a platform does it: the file is never half there.
    write(text) {
        writeFileSync(`${this.path}.new`, text, { mode: 0o600 });
        renameSync(`${this.path}.new`, this.path);
        return text.trim();
    }
    async put(claims = {}, algorithm) {
        return this.write(`${await this.issue(claims, algorithm)}\n`);
    }
    profile(name, { source = `file:${this.path}`, settings = [] } = {}) {
        return this.sandbox.profile(name, {
            provider: 'claude',
            client: '',
            settings: [
                `federation_rule_id=${this.rule.id}`,
                `organization=${this.rule.organization}`,
                `service_account_id=${this.rule.service_account}`,
                `identity_token=${source}`,
                ...settings,
            ],
        });
    }
    async exchanges() {
        return (await this.sandbox.records()).token_requests.filter((request) => request.grant === jwtBearer);
    }
    async issued() {
        return (await this.exchanges()).filter((request) => request.outcome === 'issued');
    }
    // A request that is refused, and everything that was said about it.
    async refused(status = 1, options = {}) {
        return expectStatus(await this.stage.hearth(['token', 'ci'], options), status).stderr;
    }
}

const ways = [
    ['with an agent', {}],
    ['without one', { HEARTH_NO_AGENT: '1' }],
];

for (const [how, variables] of ways) {
    test(`the first who asks signs in, and nobody is asked for anything, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const token = await workload.stage.token('ci');
        assert.match(token, /^sk-ant-oat01-/);
        assert.equal(await workload.stage.token('ci'), token);
        const [exchange, ...others] = await workload.exchanges();
        assert.equal(others.length, 0);
        assert.deepEqual([exchange.outcome, exchange.client], ['issued', 'fdrl_sandbox']);
        const status = await workload.stage.profileStatus('ci');
        assert.deepEqual([status.state, status.account, status.refresh_expires_at], ['fresh', 'svac_sandbox', null]);
        assert.match(await workload.stage.ok(['whoami', 'ci']), /svac_sandbox/);
    });

    test(`twenty processes that ask at once cause one exchange, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const tokens = await Promise.all(Array.from({ length: 20 }, () => workload.stage.token('ci')));
        assert.equal(new Set(tokens).size, 1);
        assert.equal((await workload.exchanges()).length, 1);
    });

    test(`each renewal exchanges the identity token that is there by then, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables, parameters: ['--access-ttl', '4'] });
        const first = await workload.stage.token('ci');
        await workload.put({ sub: 'system:serviceaccount:build:second', jti: 'second' }, 'RS256');
        await until('a token of the second identity', async () => (await workload.stage.token('ci')) !== first);
        // The first identity token is gone from the machine: nothing but the file can have brought the second one.
        assert.ok((await workload.issued()).length >= 2);
        assert.ok((await workload.exchanges()).every((request) => request.outcome === 'issued'));
        assert.ok((await workload.stage.profileStatus('ci')).renewals >= 2);
    });

    test(`what is wrong with the file is told at once, with the next step, and mended by mending it, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const cases = [
            [() => rmSync(workload.path), /cannot be read: No such file/],
            [() => mkdirSync(workload.path), /it is no file/],
            [() => (rmSync(workload.path, { recursive: true }), workload.write('\n')), /is empty/],
            [() => workload.write('not-a-token'), /is not a JSON Web Token/],
            [() => workload.write('a.b.c'), /is not a JSON Web Token/],
            [() => workload.write('x'.repeat(20000)), /too long/],
        ];
        for (const [spoil, words] of cases) {
            spoil();
            const said = await workload.refused();
            assert.match(said, words);
            assert.ok(said.includes(workload.path), said);
            assert.match(said, /hint: /);
        }
        assert.equal((await workload.exchanges()).length, 0);
        await workload.put();
        await until('the mended file to be read', async () => (await workload.stage.hearth(['token', 'ci'])).status === 0);
    });

    test(`an identity token that has expired is noticed before it is sent, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const now = Math.floor(Date.now() / 1000);
        const assertion = await workload.put({ iat: now - 700, exp: now - 100 });
        const said = await workload.refused();
        assert.match(said, /identity token has expired/);
        assert.match(said, /sub system:serviceaccount:build:runner/);
        assert.ok(!said.includes(assertion.split('.')[1]));
        assert.equal((await workload.exchanges()).length, 0);
    });

    test(`a refusal comes with what the identity token says of itself, and never with the token, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const assertion = await workload.put({ sub: 'system:serviceaccount:other:\u001b[31mrunner' });
        const said = await workload.refused();
        assert.match(said, /answered 401 \(authentication_error: Authentication failed\) \[request req_/);
        assert.ok(said.includes(`the rule was ${workload.rule.id}`), said);
        assert.match(said, /iss http:\/\/127\.0\.0\.1:\d+, sub system:serviceaccount:other:\?\[31mrunner, /);
        assert.match(said, /aud https:\/\/api\.anthropic\.com, exp \d{4}-\d\d-\d\dT[\d:]+Z, kid \S+/);
        assert.match(said, /hint: compare this with the rule and the issuer in the Claude Console.*hearth login ci/);
        for (const part of assertion.split('.')) assert.ok(!said.includes(part.slice(0, 12)), said);
        // Who asks again meanwhile is answered from that: the service is left alone.
        assert.match((await workload.stage.hearth(['token', 'ci'])).stderr, /Authentication failed/);
        assert.equal((await workload.exchanges()).length, 1);
        assert.equal((await workload.exchanges())[0].detail, 'the subject does not match');
        // A person who mended it does not wait for that.
        await workload.put();
        await workload.stage.ok(['login', 'ci']);
        assert.match(await workload.stage.token('ci'), /^sk-ant-oat01-/);
    });
}

test('the service refuses what its rule, its issuer or its clock does not allow, and says no more than that', async (t) => {
    const workload = await Workload.start(t, { variables: { HEARTH_NO_AGENT: '1' } });
    const now = Math.floor(Date.now() / 1000);
    const stranger = (token) => {
        // The header and the claims of a true one, signed by another key.
        const [header, claims] = token.split('.');
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const sign = createSign('sha256').update(`${header}.${claims}`);
        return `${header}.${claims}.${sign.sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }, 'base64url')}`;
    };
    const cases = [
        [await workload.issue({ aud: 'https://elsewhere.example' }), 'the audience does not match'],
        [await workload.issue({ iss: 'https://issuer.example' }), 'the issuer is unknown'],
        [await workload.issue({ iat: now, exp: now + 7200 }), 'it lives longer than an hour'],
        [await workload.issue({ nbf: now + 300 }), 'it is not valid yet'],
        [stranger(await workload.issue()), 'the signature is wrong'],
    ];
    for (const [assertion, why] of cases) {
        workload.write(assertion);
        const said = expectStatus(await workload.stage.hearth(['login', 'ci']), 1).stderr;
        assert.match(said, /Authentication failed/);
        assert.equal((await workload.exchanges()).at(-1).detail, why);
    }
});

test('what the service calls malformed is shown in its words', async (t) => {
    const workload = await Workload.start(t);
    await workload.stage.ok(['config', 'set', 'profiles.ci.organization', 'no-uuid']);
    const said = await workload.refused();
    assert.match(said, /answered 400 \(invalid_request_error: organization_id: must be a UUID\)/);
    assert.match(said, /hint: check federation_rule_id, organization, service_account_id and workspace/);
});

test('a profile that is half set says what it lacks', async (t) => {
    const stage = Stage.open(t);
    const added = await stage.hearth(['profile', 'add', 'half', '--provider', 'claude', '--set', 'federation_rule_id=fdrl_x']);
    assert.match(expectStatus(added, 0).stderr, /organization, service_account_id, identity_token/);
    const refused = await stage.hearth(['profile', 'add', 'odd', '--provider', 'claude', '--set', 'identity_token=somewhere']);
    expectStatus(refused, 2);
    assert.match(refused.stderr, /file:PATH, variable:NAME, github, google/);
});

test('a service that fails takes no working token away, and is asked again', async (t) => {
    const workload = await Workload.start(t, { parameters: ['--access-ttl', '6'] });
    await workload.sandbox.fault('token:status=503@2');
    const first = await workload.stage.token('ci');
    assert.equal((await workload.issued()).length, 1);
    await workload.sandbox.fault('token:status=503');
    const failures = async () => (await workload.exchanges()).filter((request) => request.outcome === 'not_processed').length;
    const before = await failures();
    await until('a renewal that fails', async () => (await failures()) > before);
    assert.equal(await workload.stage.token('ci'), first);
    await workload.sandbox.calm();
    await until('the renewal', async () => (await workload.stage.token('ci')) !== first);
});

test('a token that a server refused is replaced by another exchange, once for all who saw it', async (t) => {
    const workload = await Workload.start(t);
    const token = await workload.stage.token('ci');
    const answers = await Promise.all(Array.from({ length: 5 }, () => workload.stage.hearth(['rejected', 'ci'], { input: token })));
    // It was refused as soon as it was issued: another one would be no better.
    for (const answer of answers) assert.match(expectStatus(answer, 1).stderr, /within a minute of being issued/);
    assert.equal((await workload.exchanges()).length, 1);
});

test('signing out forgets the token, and the next who asks signs in anew', async (t) => {
    const workload = await Workload.start(t);
    const first = await workload.stage.token('ci');
    await workload.stage.ok(['logout', 'ci']);
    assert.equal((await workload.stage.profileStatus('ci')).state, 'signed_out');
    assert.equal((await workload.exchanges()).length, 1);
    assert.notEqual(await workload.stage.token('ci'), first);
    assert.equal((await workload.exchanges()).length, 2);
});

test('a projected token, which is a link that is moved, is followed', async (t) => {
    const workload = await Workload.start(t);
    for (const name of ['..first', '..second']) {
        mkdirSync(join(workload.stage.root, name));
        writeFileSync(join(workload.stage.root, name, 'token'), await workload.issue());
    }
    const link = join(workload.stage.root, '..data');
    symlinkSync('..first', link);
    unlinkSync(workload.path);
    symlinkSync('..data/token', workload.path);
    await workload.stage.token('ci');
    rmSync(join(workload.stage.root, '..first'), { recursive: true });
    symlinkSync('..second', `${link}.new`);
    renameSync(`${link}.new`, link);
    await workload.stage.ok(['logout', 'ci']);
    await workload.stage.token('ci');
    assert.equal((await workload.issued()).length, 2);
});

for (const [how, variables] of ways) {
    test(`an identity token in a variable is taken from who asks, for this profile alone, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables, source: 'variable:MY_IDENTITY' });
        assert.match(await workload.refused(), /no process that asked had the variable MY_IDENTITY/);
        const env = { MY_IDENTITY: await workload.issue() };
        const token = await workload.stage.token('ci', { env });
        // What was made of it serves everybody.
        assert.equal(await workload.stage.token('ci'), token);
        assert.equal((await workload.exchanges()).length, 1);
        await workload.profile('other', { source: 'variable:MY_IDENTITY' });
        expectStatus(await workload.stage.hearth(['token', 'other']), 1);
        assert.equal((await workload.exchanges()).length, 1);
    });

    test(`one that has expired is asked for again, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables, source: 'variable:MY_IDENTITY' });
        const now = Math.floor(Date.now() / 1000);
        const stale = await workload.issue({ iat: now - 700, exp: now - 100 });
        assert.match(await workload.refused(1, { env: { MY_IDENTITY: stale } }), /identity token has expired/);
        await workload.stage.token('ci', { env: { MY_IDENTITY: await workload.issue() } });
    });

    test(`a job of GitHub Actions gets its identity token by its two variables, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables, source: 'github' });
        assert.match(await workload.refused(), /ACTIONS_ID_TOKEN_REQUEST_URL.*\n.*id-token: write/);
        const job = {
            ACTIONS_ID_TOKEN_REQUEST_URL: `${workload.sandbox.origin}/_sandbox/github?api-version=2.0`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'sandbox_github_request_token',
        };
        const wrong = { ...job, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'sandbox_github_wrong_token' };
        const said = await workload.refused(1, { env: wrong });
        assert.match(said, /GitHub's token service answered 401/);
        assert.ok(!said.includes('wrong_token'));
        assert.match(await workload.stage.token('ci', { env: job }), /^sk-ant-oat01-/);
    });
}

test('the machine of Google Cloud gets its identity token from the metadata server', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    const workload = new Workload(stage, sandbox);
    workload.rule = await workload.setRule({});
    await workload.profile('ci', { source: `google:${sandbox.origin}` });
    assert.match(await stage.token('ci'), /^sk-ant-oat01-/);
});

// AWS's token service and the instance's metadata, which no part of hearth has a share in: the signature is made again from
// what arrived.
async function aws(t, workload, { id, secret, sessionToken, role = true }) {
    const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
    const hash = (text) => createHash('sha256').update(text).digest('hex');
    const signed = (request, body) => {
        const { authorization = '', 'x-amz-date': date = '' } = request.headers;
        const [, scope, names] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(authorization) ?? [];
        if (!scope || !names.split(';').includes('host')) return false;
        const headers = names.split(';').map((name) => `${name}:${request.headers[name]}\n`).join('');
        const canonical = [request.method, '/', '', headers, names, hash(body)].join('\n');
        const key = scope.split('/').reduce((made, part) => hmac(made, part), `AWS4${secret}`);
        const text = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
        const whole = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${hmac(key, text).toString('hex')}`;
        return whole === authorization && request.headers['x-amz-security-token'] === sessionToken;
    };
    const answers = {
        '/latest/api/token': () => 'instance-token',
        '/latest/meta-data/iam/security-credentials/': () => 'runner',
        '/latest/meta-data/iam/security-credentials/runner': () =>
            JSON.stringify({ Code: 'Success', AccessKeyId: id, SecretAccessKey: secret, Token: sessionToken, Expiration: new Date(Date.now() + 3_600_000).toISOString() }),
    };
    const server = createServer(async (request, response) => {
        let body = '';
        for await (const piece of request) body += piece;
        if (!role && request.url !== '/') return response.writeHead(404).end();
        if (answers[request.url]) {
            const known = request.method === 'PUT' || request.headers['x-aws-ec2-metadata-token'] === 'instance-token';
            return response.writeHead(known ? 200 : 401).end(known ? answers[request.url]() : '');
        }
        if (!signed(request, body))
            return response.writeHead(403).end('<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>');
        const form = new URLSearchParams(body);
        assert.deepEqual([form.get('Action'), form.get('SigningAlgorithm')], ['GetWebIdentityToken', 'RS256']);
        const token = await workload.issue({ aud: form.get('Audience.member.1') }, 'RS256');
        response.end(`<GetWebIdentityTokenResponse><GetWebIdentityTokenResult><WebIdentityToken>${token}</WebIdentityToken></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>`);
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await until('the server to listen', () => server.listening);
    return `http://127.0.0.1:${server.address().port}`;
}

for (const [how, variables] of ways) {
    test(`AWS issues the identity token for whoever has keys there, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables });
        const keys = { id: 'AKIDEXAMPLE', secret: 'an-example-of-a-secret-key', sessionToken: 'an-example-of-a-session-token' };
        await workload.profile('machine', { source: `aws:eu-central-1:${await aws(t, workload, keys)}` });
        assert.match(await workload.stage.token('machine'), /^sk-ant-oat01-/);
        await workload.profile('job', { source: `aws:eu-central-1:${await aws(t, workload, { ...keys, role: false })}` });
        const ask = (env) => workload.stage.hearth(['token', 'job'], { env });
        assert.match(expectStatus(await ask({}), 1).stderr, /nobody who asked had AWS_ACCESS_KEY_ID/);
        const env = { AWS_ACCESS_KEY_ID: keys.id, AWS_SECRET_ACCESS_KEY: keys.secret, AWS_SESSION_TOKEN: keys.sessionToken };
        const wrong = expectStatus(await ask({ ...env, AWS_SECRET_ACCESS_KEY: 'another-secret-key' }), 1).stderr;
        assert.match(wrong, /GetWebIdentityToken answered 403 \(SignatureDoesNotMatch\)/);
        assert.match(expectStatus(await ask(env), 0).stdout, /^sk-ant-oat01-/);
        assert.equal((await workload.issued()).length, 2);
    });
}

test('what is no metadata server is not believed', async (t) => {
    const workload = await Workload.start(t);
    const assertion = await workload.issue();
    const server = createServer((request, response) => response.end(assertion)).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await until('the server to listen', () => server.listening);
    await workload.profile('odd', { source: `google:http://127.0.0.1:${server.address().port}` });
    const refused = expectStatus(await workload.stage.hearth(['token', 'odd']), 1);
    assert.match(refused.stderr, /is not Google's metadata server/);
});

test('the agent takes what was given for the profile that names it and for no other', async (t) => {
    const workload = await Workload.start(t, { source: 'variable:MY_IDENTITY' });
    await workload.profile('filed');
    const planted = JSON.stringify({ op: 'identity', profile: 'filed', variable: 'MY_IDENTITY', value: await workload.issue() });
    await workload.stage.ok(['agent', 'start']);
    const answer = await workload.stage.run('/bin/sh', ['-c', `printf '%s\\n' "$1" | curl -s --unix-socket "$2" telnet://localhost -m 2`, 'sh', planted, join(workload.stage.home, 'run', 'agent.sock')]);
    assert.match(answer.stdout, /takes no identity token/);
});

for (const [how, variables] of ways) {
    test(`neither identity tokens nor what they bring lie in a file, a log, an argument or an environment, ${how}`, async (t) => {
        const workload = await Workload.start(t, { variables: { HEARTH_LOG: 'debug', ...variables }, parameters: ['--access-ttl', '4'] });
        const needles = new Needles();
        const plant = (name, assertion) => assertion.split('.').forEach((part, at) => needles.plant(`${name} ${at}`, part));
        const watch = new ProcessWatch();
        t.after(() => watch.stop());
        plant('the first', await workload.put());
        const first = await workload.stage.token('ci');
        needles.plant('the token', first);
        plant('the second', await workload.put({ jti: 'second' }));
        await until('a renewal', async () => (await workload.stage.token('ci')) !== first);
        plant('the refused', await workload.put({ sub: 'refused' }));
        const said = await workload.stage.hearth(['login', 'ci']);
        plant('the given', await workload.issue());
        for (const command of [['status', '--json'], ['explain', 'ci', '--json'], ['profile', 'show', 'ci'], ['doctor']]) {
            const { stdout, stderr } = await workload.stage.hearth(command);
            assert.deepEqual(needles.in(stdout + stderr), []);
        }
        assert.deepEqual(needles.in(said.stdout + said.stderr), []);
        assert.deepEqual(watch.found(needles), []);
        assert.deepEqual(needles.below(workload.stage.root, (path) => path === workload.path), []);
        // The search does find them where they are.
        assert.ok(needles.below(workload.stage.root).some((found) => found.startsWith(workload.path)));
    });
}
