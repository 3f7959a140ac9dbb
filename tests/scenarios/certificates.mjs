// Whom hearth trusts: a server whose certificate an authority of its own signed, as behind a company's proxy.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';

import { Stage, expectStatus } from '../support/stage.mjs';

const agentless = { HEARTH_NO_AGENT: '1' };

// An authority, and a certificate by it for 127.0.0.1.
async function makeCertificates(stage) {
    const openssl = async (...parameters) => expectStatus(await stage.run('openssl', parameters), 0);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=An authority of its own');
    await openssl(
        'req', '-x509', ...key, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=server',
        '-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE',
    );
    const folder = join(stage.root, 'authorities');
    mkdirSync(folder);
    copyFileSync(join(stage.root, 'ca.pem'), join(folder, 'ca.pem'));
    await openssl('rehash', folder);
    return { file: join(stage.root, 'ca.pem'), folder };
}

// The smallest server that can be signed in to: every device is allowed at once.
async function startServer(t, stage) {
    const read = (name) => readFileSync(join(stage.root, name));
    let issuer;
    const server = https.createServer({ key: read('server.key'), cert: read('server.pem') }, (request, reply) => {
        const answers = {
            '/.well-known/openid-configuration': {
                issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, device_authorization_endpoint: `${issuer}/d`,
            },
            '/d': { device_code: 'd', user_code: 'ABCD', verification_uri: `${issuer}/v`, expires_in: 60, interval: 1 },
            '/t': { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 },
        };
        reply.writeHead(answers[request.url] ? 200 : 404, { 'content-type': 'application/json' });
        reply.end(JSON.stringify(answers[request.url] ?? {}));
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => server.close());
    issuer = `https://127.0.0.1:${server.address().port}`;
    return issuer;
}

async function given(t) {
    const stage = Stage.open(t);
    const certificates = await makeCertificates(stage);
    const issuer = await startServer(t, stage);
    stage.configure(`[profiles.work]\nprovider = "oidc"\nissuer = "${issuer}"\nclient_id = "me"\nscopes = ["read"]\n`);
    return { stage, ...certificates };
}

const login = (stage, env) => stage.hearth(['login', 'work', '--device'], { env });
async function check(stage, env) {
    const asked = await stage.hearth(['doctor', '--json'], { env });
    return JSON.parse(asked.stdout).checks.find((one) => one.name === 'certificates');
}

test('a server whose authority nobody knows is refused', async (t) => {
    const { stage } = await given(t);
    const refused = expectStatus(await login(stage, agentless), 1);
    assert.match(refused.stderr, /certificate of https:\/\/127\.0\.0\.1:\d+ is not valid/);
    assert.equal(await check(stage, agentless), undefined, 'nothing is named, so nothing is to be checked');
});

test('SSL_CERT_FILE and SSL_CERT_DIR name authorities to trust', async (t) => {
    const { stage, file, folder } = await given(t);
    expectStatus(await login(stage, { ...agentless, SSL_CERT_FILE: file }), 0);
    assert.equal(await stage.token('work', { env: agentless }), 'at-1');
    expectStatus(await login(stage, { ...agentless, SSL_CERT_DIR: folder }), 0);
});

test('an agent trusts whom it was started to trust', async (t) => {
    const { stage, file } = await given(t);
    await stage.ok(['agent', 'start'], { env: { SSL_CERT_FILE: file } });
    expectStatus(await login(stage), 0);
    assert.match((await check(stage)).what, /SSL_CERT_FILE/);
});

test('network.certificates wins over the environment, and a running agent takes it up', async (t) => {
    const { stage, file, folder } = await given(t);
    await stage.ok(['agent', 'start'], { env: { SSL_CERT_FILE: '/nowhere/authorities.pem' } });
    expectStatus(await login(stage), 1);
    for (const path of [file, folder]) {
        await stage.ok(['config', 'set', 'network.certificates', path]);
        expectStatus(await login(stage, { SSL_CERT_FILE: '/nowhere/authorities.pem' }), 0);
    }
    assert.equal((await stage.ok(['config', 'get', 'network.certificates'])).trim(), folder);
});

test('doctor says when authorities that are named are not there', async (t) => {
    const { stage } = await given(t);
    const named = await check(stage, { ...agentless, SSL_CERT_FILE: '/nowhere/authorities.pem' });
    assert.equal(named.state, 'fail');
    assert.match(named.what, /\/nowhere\/authorities\.pem, which SSL_CERT_FILE names: No such file/);
    await stage.ok(['config', 'set', 'network.certificates', '/nowhere/own.pem'], { env: agentless });
    const set = await check(stage, { ...agentless, SSL_CERT_FILE: '/nowhere/authorities.pem' });
    assert.match(set.what, /\/nowhere\/own\.pem, which network\.certificates names/);
    assert.match(set.hint, /change network\.certificates/);
});
