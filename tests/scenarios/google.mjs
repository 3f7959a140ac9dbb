// Accounts of Google Cloud: every kind of credentials, kept fresh, against the sandbox's Google.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

import { jwtVerify } from 'jose';

import { cloudScope } from '../support/google.mjs';
import { GoogleMachine } from '../support/google_machine.mjs';
import { expectStatus, until } from '../support/stage.mjs';

async function open(t, lines = '', options) {
    const google = await GoogleMachine.start(t, options);
    google.profile('work', lines);
    return google;
}

const facts = async (google, name = 'work') => Object.fromEntries((await google.stage.json(['whoami', name])).facts);

async function identityToken(google, audience) {
    const answer = await fetch(`${google.sandbox.origin}/_sandbox/identity`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ claims: { aud: audience } }),
    });
    return (await answer.json()).token;
}

test('what gcloud has written is used, and noticed when it changes', async (t) => {
    const google = await open(t);
    google.write(await google.make('authorized_user', { account: 'ada@example.com', quota_project: 'payer' }));
    const first = await google.stage.token('work');
    assert.equal(await google.vertex(first), 200);
    assert.equal((await facts(google)).account, 'ada@example.com');
    const headers = await google.stage.ok(['headers', 'work', '--url', 'https://aiplatform.googleapis.com/']);
    assert.match(headers, /^x-goog-user-project: payer$/m);
    assert.equal(await google.stage.token('work'), first);

    google.write(await google.make('authorized_user', { account: 'bob@example.com' }));
    assert.notEqual(await google.stage.token('work'), first);
    assert.equal((await facts(google)).account, 'bob@example.com');
});

test('a service account signs for its tokens', async (t) => {
    const google = await open(t);
    for (const wish of [{}, { encoding: 'traditional' }]) {
        google.write(await google.make('service_account', wish));
        assert.equal(await google.vertex(await google.stage.token('work')), 200, JSON.stringify(wish));
    }
    assert.match((await facts(google)).account, /^robot-\d+@/);
});

test('a key is moved into the keychain, and its file is needed no more', async (t) => {
    const google = await open(t, '', { parameters: ['--google-ttl', '4'] });
    const file = google.write(await google.make('service_account'), join(google.stage.root, 'key.json'));
    const said = expectStatus(await google.stage.hearth(['login', 'work', '--with-key-file', file]), 0);
    assert.match(said.stderr, /the file is needed no more/);
    rmSync(file);
    const first = await google.stage.token('work');
    assert.equal(await google.vertex(first), 200);
    await google.stage.ok(['agent', 'stop']);
    const next = await until('a newer token', async () => {
        const token = await google.stage.token('work');
        return token === first ? undefined : token;
    });
    assert.equal(await google.vertex(next), 200);

    const dead = google.write(await google.make('service_account'), join(google.stage.root, 'dead.json'));
    await google.do('revoke_key');
    google.profile('other');
    const refused = await google.stage.hearth(['login', 'other', '--with-key-file', dead]);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /key/);
    assert.doesNotMatch(refused.stderr, /BEGIN|MII/);
});

test('a JWT that the key itself signs is handed out without a request', async (t) => {
    const google = await open(t, 'jwt_audience = "https://aiplatform.googleapis.com/"');
    const file = await google.make('service_account');
    google.write(file);
    const token = await google.stage.token('work');
    const { payload, protectedHeader } = await jwtVerify(token, createPublicKey(file.private_key));
    assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'JWT', kid: file.private_key_id });
    assert.deepEqual(Object.keys(payload), ['iss', 'sub', 'aud', 'iat', 'exp']);
    assert.equal(payload.exp, payload.iat + 3600);
    assert.equal(await google.vertex(token), 200);
    assert.deepEqual(await google.requests('google_token'), []);
});

test('a workload takes part in a pool with a token from a file, a URL, and AWS', async (t) => {
    const google = await open(t);
    const subject = join(google.stage.root, 'subject');
    const files = {
        file: { source: 'file', file: subject },
        json: { source: 'file', file: subject, format: 'json' },
        url: { source: 'url' },
        aws: { source: 'aws' },
    };
    for (const [name, wish] of Object.entries(files)) {
        const token = await identityToken(google, google.told.workload_audience);
        writeFileSync(subject, name === 'json' ? JSON.stringify({ id_token: token }) : token);
        google.write(await google.make('external_account', wish));
        assert.equal(await google.vertex(await google.stage.token('work')), 200, name);
    }
});

test('a command of a credential file is run by who asks, where that is allowed', async (t) => {
    const google = await open(t);
    const token = await identityToken(google, google.told.workload_audience);
    const printed = { version: 1, success: true, token_type: 'urn:ietf:params:oauth:token-type:jwt', id_token: token };
    printed.expiration_time = Math.floor(Date.now() / 1000) + 600;
    const seen = join(google.stage.root, 'seen');
    const program = google.stage.file(
        'subject.sh',
        `#!/bin/sh\necho "$GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE $GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE" >>'${seen}'\ncat <<'X'\n${JSON.stringify(printed)}\nX\n`,
        0o700,
    );
    const file = await google.make('external_account', { source: 'executable', command: program });
    google.write(file);
    const refused = await google.stage.hearth(['token', 'work']);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /executables/);
    assert.ok(!existsSync(seen));
    const allowed = { env: { GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES: '1' } };
    const first = await google.stage.token('work', allowed);
    assert.equal(await google.vertex(first), 200);
    assert.equal(readFileSync(seen, 'utf8'), `${file.subject_token_type} ${file.audience}\n`);
    assert.equal(await google.stage.token('work'), first);
});

// Google's service for certificates: asks for one in the handshake, wants the same one as the subject token, and has the
// sandbox give a token for it.
async function startCertificateService(t, google) {
    const read = (name) => readFileSync(join(google.stage.root, name));
    const options = { key: read('server.key'), cert: read('server.pem'), ca: read('ca.pem'), requestCert: true, rejectUnauthorized: true };
    const server = https.createServer(options, async (request, reply) => {
        const form = new URLSearchParams(await text(request));
        const [leaf] = JSON.parse(form.get('subject_token') ?? '[]');
        const same = leaf === request.socket.getPeerCertificate().raw.toString('base64');
        const body = new URLSearchParams({
            ...Object.fromEntries(form),
            audience: google.told.workload_audience,
            subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
            subject_token: await identityToken(google, google.told.workload_audience),
        });
        const given = same ? await fetch(google.told.sts, { method: 'POST', body }) : undefined;
        reply.writeHead(given?.status ?? 400, { 'content-type': 'application/json' });
        reply.end(given ? await given.text() : JSON.stringify({ error: 'invalid_grant' }));
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => server.close());
    return `https://127.0.0.1:${server.address().port}/v1/token`;
}

test('a workload takes part in a pool with its X.509 certificate, by mutual TLS', async (t) => {
    const google = await open(t);
    const { stage } = google;
    const openssl = async (...parameters) => expectStatus(await stage.run('openssl', parameters), 0);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
    for (const [name, more] of [['server', 'subjectAltName=IP:127.0.0.1'], ['workload', 'extendedKeyUsage=clientAuth'], ['other', 'extendedKeyUsage=clientAuth']]) {
        const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', more, '-addext', 'basicConstraints=critical,CA:FALSE'];
        await openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, ...by);
    }
    stage.configure(`[network]\ncertificates = "${join(stage.root, 'ca.pem')}"\n`);
    const own = (name) => ({ cert_configs: { workload: { cert_path: join(stage.root, `${name}.pem`), key_path: join(stage.root, `${name}.key`) } } });
    const config = google.write(own('workload'), join(stage.root, 'certificate_config.json'));
    google.write({
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x',
        subject_token_type: 'urn:ietf:params:oauth:token-type:mtls',
        token_url: await startCertificateService(t, google),
        credential_source: { certificate: { certificate_config_location: config } },
    });
    assert.equal(await google.vertex(await stage.token('work')), 200);

    await stage.ok(['agent', 'stop']);
    await stage.ok(['logout', 'work']);
    google.write({ cert_configs: { workload: { cert_path: join(stage.root, 'workload.pem'), key_path: join(stage.root, 'other.key') } } }, config);
    const refused = await stage.hearth(['token', 'work'], { env: { HEARTH_NO_AGENT: '1' } });
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /workload\.pem/);
});

test('a person of a workforce pool keeps a refresh token that rotates', async (t) => {
    const google = await open(t, '', { parameters: ['--google-ttl', '3'] });
    google.write(await google.make('external_account_authorized_user'));
    const tokens = new Set();
    await until('three tokens', async () => {
        tokens.add(await google.stage.token('work'));
        return tokens.size >= 3;
    });
    assert.equal(await google.vertex([...tokens].at(-1)), 200);
});

test('service accounts are impersonated: by a file, by the profile, and with another profile', async (t) => {
    const google = await open(t);
    google.write(await google.make('impersonated_service_account'));
    assert.equal(await google.vertex(await google.stage.token('work')), 200);

    google.write(await google.make('authorized_user', { account: 'ada@example.com' }));
    google.profile('target', `impersonate = "${google.told.target}"`);
    assert.equal(await google.vertex(await google.stage.token('target')), 200);
    assert.equal((await facts(google, 'target'))['credential'], 'impersonated_service_account');

    google.profile('rests', `base_profile = "work"\nimpersonate = "${google.told.target}"`);
    assert.equal(await google.vertex(await google.stage.token('rests')), 200);
    assert.match(await google.stage.ok(['explain', 'rests']), /got with the credential of work/);

    await google.do('forbid', { target: google.told.target });
    google.profile('forbidden', `base_profile = "work"\nimpersonate = "${google.told.target}"`);
    const refused = await google.stage.hearth(['token', 'forbidden']);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /serviceAccountTokenCreator/);
});

test('keys of a profile of AWS take part in a pool', async (t) => {
    const google = await open(t);
    const aws = google.sandbox.told.aws;
    google.stage.configure(`[profiles.cloud]\nprovider = "aws"\nregion = "${aws.region}"\nendpoint_url = "${aws.sts}"\naws_profile = "user"\n`);
    const folder = join(google.stage.variables.HOME, '.aws');
    const lines = `[profile user]\nregion = ${aws.region}\naws_access_key_id = ${aws.access_key_id}\naws_secret_access_key = ${aws.secret_access_key}\n`;
    google.write(lines, join(folder, 'config'));
    google.profile('pool', `base_profile = "cloud"\nworkload_audience = "${google.told.aws_audience}"`);
    assert.equal(await google.vertex(await google.stage.token('pool')), 200);
});

test('the metadata server is asked where there is no file, and never in a storm', async (t) => {
    const google = await GoogleMachine.start(t, { parameters: ['--google-ttl', '600'] });
    google.stage.variables.GCE_METADATA_HOST = google.told.metadata;
    google.profile('work');
    const token = await google.stage.token('work');
    assert.equal(await google.vertex(token), 200);
    for (let i = 0; i < 20; ++i) assert.equal(await google.stage.token('work'), token);
    assert.ok((await google.requests('google_metadata')).length <= 3);
});

test('ID tokens for an audience, of a service account and of an impersonated one', async (t) => {
    const google = await open(t, 'id_token_audience = "https://service.example"');
    for (const type of ['service_account', 'impersonated_service_account']) {
        google.write(await google.make(type));
        const token = await google.stage.token('work');
        const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
        assert.equal(claims.aud, 'https://service.example', type);
    }
});

test('Google Distributed Cloud', async (t) => {
    const google = await open(t, 'id_token_audience = "https://service.example"');
    google.write(await google.make('gdch_service_account'));
    assert.ok(await google.stage.token('work'));
});

async function openForPerson(t, lines = '') {
    const google = await GoogleMachine.start(t, { parameters: ['--auto-approve', '--device-interval', '1', '--access-ttl', '6'] });
    google.stage.variables.BROWSER = google.stage.clicker();
    const client = google.write(await google.make('oauth_client'), join(google.stage.root, 'client.json'));
    google.profile('me', `issuer = "${google.sandbox.told.issuer}"\nclient_file = "${client}"\n${lines}`);
    return google;
}

test('a person signs in with a client of their own, stays signed in, and becomes service accounts', async (t) => {
    const google = await openForPerson(t);
    google.profile('target', `base_profile = "me"\nimpersonate = "${google.told.target}"`);
    expectStatus(await google.stage.hearth(['token', 'target', '--non-interactive']), 3);
    expectStatus(await google.stage.hearth(['login', 'me']), 0);
    const first = await google.stage.token('me');
    assert.equal(await google.vertex(first), 200);
    assert.equal(await google.vertex(await google.stage.token('target')), 200);
    const second = await until('a newer token', async () => {
        const token = await google.stage.token('me');
        return token === first ? undefined : token;
    });
    assert.equal(await google.vertex(second), 200);
    const told = await facts(google, 'me');
    assert.match(told.email, /@/);
    assert.match(told.scopes, /cloud-platform/);
    await google.stage.ok(['logout', 'me']);
    expectStatus(await google.stage.hearth(['token', 'me', '--non-interactive']), 3);
    assert.notEqual(await google.vertex(second), 200, 'the grant is revoked');
});

test('a person signs in on another device', async (t) => {
    // The sandbox gives a device no refresh token unless it is asked for one; Google does.
    const google = await openForPerson(t, `scopes = ["openid", "${cloudScope}", "offline_access"]`);
    const said = expectStatus(await google.stage.hearth(['login', 'me', '--device', '--json']), 0);
    assert.ok(said.stdout.split('\n').some((line) => line.includes('"event":"code"')));
    assert.equal(await google.vertex(await google.stage.token('me')), 200);
});

test('a sign-in command mends credentials that are no longer good, once', async (t) => {
    const google = await GoogleMachine.start(t);
    const ran = join(google.stage.root, 'ran');
    const next = google.write(await google.make('authorized_user'), join(google.stage.root, 'next.json'));
    const command = `echo signing in with gcloud; echo x >>'${ran}'; cp '${next}' '${google.wellKnown}'`;
    google.profile('work', `auth_refresh = ${JSON.stringify(command)}`);
    const old = await google.make('authorized_user');
    await google.do('revoke_sign_in');
    google.write(old);
    google.write(await google.make('authorized_user'), next);
    const asked = await Promise.all(Array.from({ length: 4 }, () => google.stage.hearth(['token', 'work'])));
    for (const one of asked) expectStatus(one, 0);
    assert.ok(asked.some((one) => one.stderr.includes('signing in with gcloud')));
    assert.equal(readFileSync(ran, 'utf8'), 'x\n');
});

test('each thing that Google refuses is told with the next step', async (t) => {
    const google = await open(t);
    const told = async (pattern) => {
        const answer = await google.stage.hearth(['token', 'work']);
        assert.notEqual(answer.status, 0);
        assert.equal(answer.stdout, '');
        assert.match(answer.stderr, pattern);
        assert.doesNotMatch(answer.stderr, /GOCSPX|1\/\/0|BEGIN/);
    };
    google.write(await google.make('authorized_user'));
    await google.do('require_reauth');
    await told(/gcloud auth application-default login/);
    google.write(await google.make('service_account'));
    await google.do('revoke_key');
    await told(/key/);
    google.write(await google.make('service_account'));
    await google.do('disable_account');
    await told(/account/);
    google.write('{"type": "nobody"}');
    await told(/nobody/);
    google.write('{"type": ');
    await told(/application_default_credentials\.json/);
    google.write({ ...(await google.make('service_account')), token_uri: 'https://evil.example/token' });
    await told(/token_uri/);
});

test('a clock that is hours off is found out, and the key signs by the service\'s', async (t) => {
    const google = await open(t);
    google.write(await google.make('service_account'));
    await google.do('set', { clock_offset: 7200 });
    assert.equal(await google.vertex(await google.stage.token('work')), 200);
    const outcomes = (await google.requests('google_token')).map((one) => one.outcome);
    assert.equal(outcomes.length, 2, 'refused, and once more by the right time');
});

test('fifty processes that need a token make one request', async (t) => {
    const google = await open(t);
    google.write(await google.make('service_account'));
    const many = await Promise.all(Array.from({ length: 50 }, () => google.stage.hearth(['token', 'work'])));
    for (const one of many) expectStatus(one, 0);
    assert.equal(new Set(many.map((one) => one.stdout)).size, 1);
    assert.equal((await google.requests('google_token')).length, 1);
});
