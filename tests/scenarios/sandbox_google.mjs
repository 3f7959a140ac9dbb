// The sandbox's Google face against clients that are not ours: npm `jose` for what is signed, npm `google-auth-library`
// for who asks, and botocore for what AWS's keys sign.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AwsClient, ExternalAccountAuthorizedUserClient, ExternalAccountClient, GdchClient, Impersonated, UserRefreshClient } from 'google-auth-library';

import { AwsMachine } from '../support/aws.mjs';
import * as google from '../support/google.mjs';
import { GoogleMachine } from '../support/google_machine.mjs';

const flavor = { 'metadata-flavor': 'Google' };
const ask = (machine, token, url = google.modelUrl(machine.told), headers = {}) =>
    google.postJson(url, google.question, token, headers);
const reason = (answer) => answer.error?.details?.[0]?.reason;
const told = (answer) => [answer.status, answer.error, answer.error_description];

async function subjectToken(machine, audience, claims = {}) {
    const answer = await google.postJson(`${machine.sandbox.origin}/_sandbox/identity`, { claims: { aud: audience, ...claims } });
    return answer.token;
}

test('a refresh token brings access tokens until it is revoked', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('authorized_user', { account: 'ada@example.com' });
    const first = await google.userToken(file);
    assert.equal(first.status, 200);
    assert.match(first.access_token, /^ya29\./);
    assert.equal(first.refresh_token, undefined);
    assert.equal(first.expires_in, 3599);
    const identity = await google.issuedClaims(machine.sandbox.origin, first.id_token, file.client_id);
    assert.equal(identity.email, 'ada@example.com');
    assert.equal((await ask(machine, first.access_token)).status, 200);

    const narrow = await google.userToken(file, { scope: google.emailScope });
    assert.equal(narrow.scope, google.emailScope);
    assert.equal(reason(await ask(machine, narrow.access_token)), 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    assert.equal((await google.userToken(file, { scope: 'https://www.googleapis.com/auth/drive' })).error, 'invalid_scope');

    const library = new UserRefreshClient({ ...{ clientId: file.client_id, clientSecret: file.client_secret, refreshToken: file.refresh_token }, endpoints: { oauth2TokenUrl: file.token_uri } });
    assert.equal((await ask(machine, (await library.getAccessToken()).token)).status, 200);

    assert.equal((await google.postForm(machine.told.revoke, { token: file.refresh_token })).status, 200);
    assert.deepEqual(told(await google.userToken(file)), [400, 'invalid_grant', 'Token has been expired or revoked.']);
    assert.deepEqual(told(await google.postForm(machine.told.revoke, { token: 'x' })).slice(0, 2), [400, 'invalid_token']);
});

test('each way to refuse a person has its words', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('authorized_user');
    const refused = async (more) => told(await google.userToken(file, more));
    assert.deepEqual(await refused({ client_secret: 'x' }), [401, 'invalid_client', 'Unauthorized']);
    assert.deepEqual(await refused({ client_id: 'x' }), [401, 'invalid_client', 'The OAuth client was not found.']);
    assert.deepEqual(await refused({ refresh_token: 'x' }), [400, 'invalid_grant', 'Bad Request']);
    assert.equal((await google.userToken(file, { grant_type: 'password' })).error, 'unsupported_grant_type');

    await machine.do('require_reauth');
    const again = await google.userToken(file);
    assert.deepEqual(told(again), [400, 'invalid_grant', 'reauth related error (invalid_rapt)']);
    assert.equal(again.error_subtype, 'invalid_rapt');
    await machine.do('require_reauth', { subtype: 'rapt_required' });
    assert.equal((await google.userToken(file)).error_subtype, 'rapt_required');
    await machine.do('complete_reauth');
    assert.equal((await google.userToken(file)).status, 200);

    await machine.do('disable_client');
    assert.deepEqual(await refused(), [401, 'disabled_client', 'The OAuth client was disabled.']);
    await machine.do('enable_client');
    await machine.do('disable_account');
    assert.deepEqual(await refused(), [400, 'invalid_grant', 'Account has been deleted']);

    const proven = await machine.make('authorized_user', { account: 'eve', rapt: true });
    assert.equal((await google.userToken(proven)).error_subtype, 'invalid_rapt');
    assert.equal((await google.userToken(proven, { rapt: proven.rapt_token })).status, 200);
});

test('a service account signs for its tokens with a key of either kind', async (t) => {
    const machine = await GoogleMachine.start(t);
    for (const wish of [{}, { encoding: 'traditional' }, { key: 'ec' }, { key: 'ec', encoding: 'traditional' }]) {
        const file = await machine.make('service_account', wish);
        const answer = await google.accountToken(file);
        assert.equal(answer.status, 200, answer.text);
        assert.equal((await ask(machine, answer.access_token)).status, 200);
        const own = await google.accountToken(file, { aud: file.token_uri });
        assert.equal(own.status, 200, own.text);
        const identity = await google.accountToken(file, { scope: null, target_audience: 'https://service.example' });
        assert.equal(identity.access_token, undefined);
        const claims = await google.issuedClaims(machine.sandbox.origin, identity.id_token, 'https://service.example');
        assert.equal(claims.email, file.client_email);
    }
});

test('an assertion that is not in order is refused in Google\'s words', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('service_account');
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const second = Math.floor(Date.now() / 1000);
    const refused = async (claims, options) => told(await google.accountToken(file, claims, options));
    const signature = [400, 'invalid_grant', 'Invalid JWT Signature.'];
    assert.deepEqual(await refused({}, { key: other }), signature);
    assert.deepEqual(await refused({}, { header: { kid: 'another' } }), signature);
    assert.deepEqual(await refused({ iss: 'nobody@example.com' }), [400, 'invalid_grant', 'Invalid grant: account not found']);
    for (const times of [
        { iat: second, exp: second + 3601 },
        { iat: second - 7200, exp: second - 3600 },
        { iat: second + 600, exp: second + 1200 },
        { exp: null },
        { iat: null },
    ])
        assert.match((await refused(times))[2], /^Invalid JWT: Token must be a short-lived token \(60 minutes\)/, JSON.stringify(times));
    assert.deepEqual(await refused({ aud: 'https://elsewhere.example' }), [400, 'invalid_grant', 'Invalid JWT: Failed audience check.']);
    for (const scope of [null, 'cloud-platform']) assert.equal((await refused({ scope }))[1], 'invalid_scope');
    assert.equal((await refused({ target_audience: 'both' }))[1], 'invalid_scope');
    assert.deepEqual((await refused({ sub: 'ada@example.com' })).slice(0, 2), [401, 'unauthorized_client']);

    const delegated = await machine.make('service_account', { subjects: ['ada@example.com'] });
    assert.equal((await google.accountToken(delegated, { sub: 'ada@example.com' })).status, 200);
    await machine.do('revoke_key', { key_id: file.private_key_id });
    assert.deepEqual(await refused(), signature);
    await machine.do('disable_account', { account: delegated.client_email });
    assert.equal((await google.accountToken(delegated)).error_description, 'Invalid grant: account not found');
});

test('a JWT that the account signs for the service is an access token there', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('service_account');
    const own = (claims) => google.signed(file, { iss: file.client_email, sub: file.client_email, ...claims });
    const status = async (claims) => (await ask(machine, await own(claims))).status;
    for (const aud of ['https://aiplatform.googleapis.com/', 'https://europe-west1-aiplatform.googleapis.com/', `${machine.sandbox.origin}/`])
        assert.equal(await status({ aud }), 200, aud);
    assert.equal(await status({ scope: google.cloudScope }), 200);
    assert.equal(await status({ scope: google.emailScope }), 403);
    for (const wrong of [
        {},
        { aud: 'https://aiplatform.googleapis.com' },
        { aud: 'https://storage.googleapis.com/' },
        { aud: 'https://aiplatform.googleapis.com/', scope: google.cloudScope },
        { aud: 'https://aiplatform.googleapis.com/', sub: 'ada@example.com' },
        { aud: 'https://aiplatform.googleapis.com/', exp: Math.floor(Date.now() / 1000) - 60 },
    ])
        assert.equal(await status(wrong), 401, JSON.stringify(wrong));
});

test('a clock that is wrong is noticed, and the answer tells the right time', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('service_account');
    await machine.do('set', { clock_offset: 900 });
    const ahead = 900;
    const early = await google.accountToken(file, { exp: Math.floor(Date.now() / 1000) + 600 });
    assert.match(early.error_description, /reasonable timeframe/);
    const difference = (Date.parse(early.headers.get('date')) - Date.now()) / 1000;
    assert.ok(Math.abs(difference - ahead) < 30, `${difference}`);
    const second = Math.floor(Date.now() / 1000) + ahead;
    assert.equal((await google.accountToken(file, { iat: second, exp: second + 3600 })).status, 200);
});

test('an identity token of the sandbox is exchanged, and google-auth-library does it by itself', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('external_account', { source: 'file', file: join(machine.stage.root, 'subject') });
    const answer = await google.exchanged(file, await subjectToken(machine, `https:${file.audience}`));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.issued_token_type, 'urn:ietf:params:oauth:token-type:access_token');
    assert.equal((await ask(machine, answer.access_token)).status, 200);
    const known = await google.postForm(file.token_info_url, { token: answer.access_token });
    assert.match(known.username, /^principal:\/\/.*\/subject\/system:serviceaccount:build:runner$/);

    for (const [wish, text] of [
        [{ source: 'file' }, (token) => token],
        [{ source: 'file', format: 'json' }, (token) => JSON.stringify({ id_token: token })],
    ]) {
        const path = join(machine.stage.root, 'subject');
        writeFileSync(path, text(await subjectToken(machine, file.audience)));
        const client = ExternalAccountClient.fromJSON(await machine.make('external_account', { ...wish, file: path }));
        assert.equal((await ask(machine, (await client.getAccessToken()).token)).status, 200);
    }
    for (const wish of [{}, { format: 'json' }, { impersonate: true }]) {
        const client = ExternalAccountClient.fromJSON(await machine.make('external_account', { source: 'url', ...wish }));
        client.scopes = [google.cloudScope];
        assert.equal((await ask(machine, (await client.getAccessToken()).token)).status, 200, JSON.stringify(wish));
    }
    assert.equal((await machine.requests('vertex')).at(-1).principal, machine.told.target);
});

test('an exchange is refused for what is wrong with it', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('external_account', { source: 'url' });
    const good = await subjectToken(machine, file.audience);
    const refused = async (more, subject = good) => (await google.exchanged(file, subject, more)).error;
    assert.equal(await refused({ audience: '//iam.googleapis.com/elsewhere' }), 'invalid_target');
    assert.equal(await refused({ grant_type: 'refresh_token' }), 'unsupported_grant_type');
    assert.equal(await refused({ scope: 'everything' }), 'invalid_scope');
    assert.equal(await refused({ subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }), 'invalid_request');
    assert.equal(await refused({ requested_token_type: '' }), 'invalid_request');
    const second = Math.floor(Date.now() / 1000);
    for (const claims of [{ aud: 'another' }, { iss: 'https://elsewhere.example' }, { iat: second - 900, exp: second - 300 }])
        assert.equal(await refused({}, await subjectToken(machine, file.audience, claims)), 'invalid_grant', JSON.stringify(claims));
    assert.equal(await refused({}, `${good.slice(0, -8)}AAAAAAAA`), 'invalid_grant');
});

test('a workforce names whom its use is billed to, or the client that asks', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('external_account', { source: 'url', workforce: true });
    const subject = await subjectToken(machine, file.audience);
    assert.equal((await google.exchanged(file, subject)).error, 'invalid_request');
    const options = encodeURIComponent(JSON.stringify({ userProject: file.workforce_pool_user_project }));
    assert.equal((await google.exchanged(file, subject, { options })).status, 200);
    const client = await machine.make('external_account', { source: 'url', workforce: true, client: true });
    assert.equal((await google.exchanged(client, subject, {}, google.basic(client))).status, 200);
    assert.equal((await google.exchanged(client, subject, {}, google.basic({ ...client, client_secret: 'x' }))).error, 'invalid_client');
});

test('a signed request of AWS is exchanged, and one that is for another audience is not', async (t) => {
    const machine = await GoogleMachine.start(t);
    const aws = new AwsMachine(machine.stage, machine.sandbox);
    const file = await machine.make('external_account', { source: 'aws' });
    const verify = file.credential_source.regional_cred_verification_url.replace('{region}', aws.told.region);
    const host = new URL(verify).host;
    const subject = async (target, change = (one) => one) => {
        const headers = { Host: host, ...(target ? { 'x-goog-cloud-target-resource': target } : {}) };
        const [request] = await aws.sign([{ url: verify, headers }]);
        const list = Object.entries(request.headers).map(([key, value]) => ({ key, value }));
        return encodeURIComponent(JSON.stringify(change({ url: verify, method: 'POST', headers: list })));
    };
    const good = await google.exchanged(file, await subject(file.audience));
    assert.equal(good.status, 200, good.text);
    assert.equal((await ask(machine, good.access_token)).status, 200);
    assert.match((await machine.requests('vertex')).at(-1).principal, /subject\/arn:aws:iam::111122223333:user\/robin$/);

    const late = { key: 'x-goog-cloud-target-resource', value: file.audience };
    for (const wrong of [
        await subject('//iam.googleapis.com/another'),
        await subject(undefined),
        await subject(file.audience, (one) => ({ ...one, url: 'https://sts.example.com?Action=GetCallerIdentity&Version=2011-06-15' })),
        await subject(file.audience, (one) => ({ ...one, method: 'GET' })),
    ])
        assert.equal((await google.exchanged(file, wrong)).error, 'invalid_request');
    const forged = await subject(file.audience, (one) => ({
        ...one,
        headers: one.headers.map((line) => (line.key === 'Authorization' ? { ...line, value: line.value.replace(/.$/, (c) => (c === '0' ? '1' : '0')) } : line)),
    }));
    assert.equal((await google.exchanged(file, forged)).error, 'invalid_grant');

    const unsigned = await subject(undefined, (one) => ({ ...one, headers: [...one.headers, late] }));
    assert.equal((await google.exchanged(file, unsigned)).status, 200);
    assert.deepEqual(
        (await machine.requests('google_sts')).filter((one) => one.outcome === 'answered').map((one) => one.detail),
        ['', 'x-goog-cloud-target-resource is not signed'],
    );
    const library = new AwsClient(file);
    assert.equal((await ask(machine, (await library.getAccessToken()).token)).status, 200);
    assert.match((await machine.requests('vertex')).at(-1).principal, /assumed-role\/instance/);
});

test('the refresh token of a workforce is replaced at each use, and its second use ends the sign-in', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('external_account_authorized_user');
    const renew = (refresh_token, headers = google.basic(file)) =>
        google.postForm(file.token_url, { grant_type: 'refresh_token', refresh_token }, headers);
    assert.equal((await renew(file.refresh_token, {})).error, 'invalid_client');
    const first = await renew(file.refresh_token);
    assert.equal((await ask(machine, first.access_token)).status, 200);
    const second = await renew(first.refresh_token);
    assert.equal(second.status, 200);
    assert.equal((await renew(file.refresh_token)).error, 'invalid_grant');
    assert.equal((await renew(second.refresh_token)).error, 'invalid_grant');

    const library = new ExternalAccountAuthorizedUserClient(await machine.make('external_account_authorized_user'));
    assert.equal((await ask(machine, (await library.getAccessToken()).token)).status, 200);
});

test('who may become a service account does, step by step', async (t) => {
    const machine = await GoogleMachine.start(t);
    const source = (await google.userToken(await machine.make('authorized_user'))).access_token;
    const email = (name) => machine.told.target.replace(/^target/, name);
    const become = (name, body, token = source, method = 'generateAccessToken') =>
        google.postJson(`${machine.told.iam}/v1/projects/-/serviceAccounts/${email(name)}:${method}`, body, token);
    const delegates = (...names) => names.map((name) => `projects/-/serviceAccounts/${email(name)}`);
    const scope = [google.cloudScope];

    const target = await become('target', { scope, lifetime: '600s' });
    assert.equal(target.status, 200, target.text);
    const lasts = (Date.parse(target.expireTime) - Date.now()) / 1000;
    assert.ok(lasts > 500 && lasts <= 600, target.expireTime);
    assert.equal((await ask(machine, target.accessToken)).status, 200);
    assert.equal((await become('last', { scope, delegates: delegates('first', 'second') })).status, 200);
    const identity = await become('target', { audience: 'https://service.example', includeEmail: true }, source, 'generateIdToken');
    assert.equal((await google.issuedClaims(machine.sandbox.origin, identity.token, 'https://service.example')).email, email('target'));

    for (const chain of [[], ['first'], ['second'], ['second', 'first']]) {
        const denied = await become('last', { scope, delegates: delegates(...chain) });
        assert.deepEqual([denied.status, denied.error.status, reason(denied)], [403, 'PERMISSION_DENIED', 'IAM_PERMISSION_DENIED'], `${chain}`);
    }
    assert.equal((await become('nobody', { scope })).error.status, 'NOT_FOUND');
    assert.equal((await become('target', { scope: [] })).error.status, 'INVALID_ARGUMENT');
    assert.equal((await become('target', { scope, lifetime: '3601s' })).error.status, 'INVALID_ARGUMENT');
    await machine.do('allow_long_lifetimes');
    const long = await become('target', { scope, lifetime: '43200s' });
    assert.ok(Date.parse(long.expireTime) > Date.now() + 11 * 3600 * 1000);
    assert.equal((await become('target', { scope }, 'ya29.made-up')).error.status, 'UNAUTHENTICATED');
    const narrow = (await google.userToken(await machine.make('authorized_user', { scopes: [google.emailScope] }))).access_token;
    assert.equal(reason(await become('target', { scope }, narrow)), 'ACCESS_TOKEN_SCOPE_INSUFFICIENT');
    await machine.do('disable_service', { service: 'iamcredentials.googleapis.com' });
    assert.equal(reason(await become('target', { scope })), 'SERVICE_DISABLED');
    await machine.do('enable_service', { service: 'iamcredentials.googleapis.com' });
    const barred = await machine.make('service_account', { may_impersonate: ['first'] });
    assert.equal((await become('target', { scope }, (await google.accountToken(barred)).access_token)).status, 403);

    const library = new Impersonated({
        sourceClient: { request: (options) => fetchAs(source, options), credentials: {}, getAccessToken: async () => source },
        targetPrincipal: email('target'),
        targetScopes: scope,
        lifetime: 600,
        delegates: [],
        endpoint: machine.told.iam,
    });
    assert.equal((await ask(machine, (await library.getAccessToken()).token)).status, 200);
});

// What google-auth-library asks of a client that it impersonates with.
async function fetchAs(token, { url, data }) {
    const answer = await google.postJson(url, data, token);
    return { data: answer, status: answer.status };
}

test('the metadata server speaks to who sends the flavor, and to nobody else', async (t) => {
    const machine = await GoogleMachine.start(t, { parameters: ['--google-ttl', '600'] });
    const base = `http://${machine.told.metadata}`;
    const read = (path, headers = flavor) => google.get(`${base}/computeMetadata/v1/${path}`, headers);
    assert.equal((await google.get(`${base}/`)).headers.get('metadata-flavor'), 'Google');
    const account = 'instance/service-accounts/default';
    for (const headers of [{}, { 'metadata-flavor': 'other' }, { ...flavor, 'x-forwarded-for': '10.0.0.1' }]) {
        const refused = await read(`${account}/token`, headers);
        assert.deepEqual([refused.status, refused.headers.get('metadata-flavor')], [403, 'Google']);
    }
    for (const path of ['', 'instance', 'instance/', 'instance/service-accounts/', account, `${account}/`, `${account}/scopes`, 'project/', 'instance/attributes/'])
        assert.equal((await read(path)).status, 200, path);
    assert.equal((await read('project/project-id')).text, machine.told.project);
    assert.equal((await read('project/numeric-project-id')).text, machine.told.project_number);
    for (const name of ['universe-domain', 'universe_domain']) assert.equal((await read(`universe/${name}`)).text, 'googleapis.com');
    assert.match((await read('instance/zone')).text, /^projects\/\d+\/zones\//);
    const whole = await read(`${account}/?recursive=true`);
    assert.deepEqual([whole.email, whole.aliases], [machine.told.instance, ['default']]);
    assert.equal((await read(`${account}/email`)).text, machine.told.instance);
    const missing = await read('instance/nothing');
    assert.deepEqual([missing.status, missing.headers.get('metadata-flavor')], [404, 'Google']);

    const first = await read(`${account}/token`);
    assert.deepEqual([first.token_type, first.expires_in > 590], ['Bearer', true]);
    assert.equal((await read(`instance/service-accounts/${machine.told.instance}/token`)).access_token, first.access_token);
    assert.equal((await ask(machine, first.access_token)).status, 200);
    const narrow = await read(`${account}/token?scopes=${google.emailScope}`);
    assert.equal((await ask(machine, narrow.access_token)).status, 403);
    await machine.do('expire_tokens');
    assert.notEqual((await read(`${account}/token`)).access_token, first.access_token);

    const identity = await read(`${account}/identity?audience=https://service.example&format=full`);
    const claims = await google.issuedClaims(machine.sandbox.origin, identity.text, 'https://service.example');
    assert.equal(claims.email, machine.told.instance);
    assert.equal((await read(`${account}/identity`)).status, 400);
    await machine.do('no_service_account');
    assert.equal((await read(`${account}/token`)).status, 404);
});

test('one token is handed out until little of it is left', async (t) => {
    const machine = await GoogleMachine.start(t, { parameters: ['--google-ttl', '3600'] });
    const token = async () => (await google.get(`http://${machine.told.metadata}/computeMetadata/v1/instance/service-accounts/default/token`, flavor)).access_token;
    const first = await token();
    await machine.do('set', { clock_offset: 3600 - 300 });
    assert.equal(await token(), first);
    await machine.do('set', { clock_offset: 3600 - 200 });
    const second = await token();
    assert.notEqual(second, first);
    assert.equal((await ask(machine, first)).status, 200);
    await machine.do('set', { clock_offset: 3601 });
    assert.equal(reason(await ask(machine, first)), 'ACCESS_TOKEN_EXPIRED');
    assert.equal((await ask(machine, second)).status, 200);
});

test('google-auth-library finds the metadata server where GCE_METADATA_HOST says', async (t) => {
    const machine = await GoogleMachine.start(t);
    const program = `
        import { GoogleAuth } from 'google-auth-library';
        const auth = new GoogleAuth({ scopes: '${google.cloudScope}' });
        console.log(JSON.stringify([await auth.getProjectId(), await auth.getAccessToken()]));`;
    const path = new URL('../load/', import.meta.url).pathname;
    const env = { ...machine.stage.variables, GCE_METADATA_HOST: machine.told.metadata, GCE_METADATA_IP: machine.told.metadata };
    const said = await machine.stage.run(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], { env, cwd: path });
    assert.equal(said.status, 0, said.stderr);
    const [project, token] = JSON.parse(said.stdout);
    assert.equal(project, machine.told.project);
    assert.equal((await ask(machine, token)).status, 200);
});

test('a service account of Distributed Cloud exchanges its JWT for a token of one audience', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('gdch_service_account');
    const name = `system:serviceaccount:${file.project}:${file.name}`;
    const type = (kind) => `urn:ietf:params:oauth:token-type:${kind}`;
    const trade = async (claims = {}, more = {}) =>
        google.postJson(file.token_uri, {
            grant_type: type('token-exchange'),
            audience: 'https://service.example',
            requested_token_type: type('access_token'),
            subject_token: await google.signed(file, { iss: name, sub: name, aud: file.token_uri, ...claims }),
            subject_token_type: 'urn:k8s:params:oauth:token-type:serviceaccount',
            ...more,
        });
    const answer = await trade();
    assert.deepEqual([answer.status, answer.token_type], [200, 'Bearer'], answer.text);
    assert.equal((await ask(machine, answer.access_token)).status, 403);
    const library = new GdchClient();
    library.fromJSON(file);
    assert.match((await library.createWithGdchAudience('https://service.example').getAccessToken()).token, /^ya29\./);
    assert.equal((await trade({ aud: 'https://elsewhere.example' })).error, 'invalid_grant');
    assert.equal((await trade({}, { audience: '' })).error, 'invalid_request');
    assert.equal((await trade({}, { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' })).error, 'unsupported_grant_type');
});

test('a model on Vertex answers whole and as events, and only to a good token', async (t) => {
    const machine = await GoogleMachine.start(t);
    const token = (await google.userToken(await machine.make('authorized_user'))).access_token;
    const whole = await ask(machine, token, undefined, { 'x-goog-user-project': 'payer' });
    assert.deepEqual([whole.type, whole.model, whole.content[0].text.startsWith('You said: Hello')], ['message', 'sandbox-large', true]);
    const record = (await machine.requests('vertex')).at(-1);
    assert.deepEqual([record.kind, record.principal, record.quota_project, record.outcome], ['rawPredict', 'robin@sandbox.example', 'payer', 'answered']);
    const events = await ask(machine, token, google.modelUrl(machine.told, 'streamRawPredict'));
    assert.match(events.headers.get('content-type'), /^text\/event-stream/);
    assert.deepEqual([...events.text.matchAll(/^event: (\w+)$/gm)].map((one) => one[1]).at(-1), 'message_stop');
    const counted = await google.postJson(google.modelUrl(machine.told, 'rawPredict', { model: 'count-tokens' }), { ...google.question, model: 'm' }, token);
    assert.ok(counted.input_tokens > 0);

    const none = await ask(machine, undefined);
    assert.deepEqual([none.status, reason(none)], [401, 'CREDENTIALS_MISSING']);
    const wrong = await ask(machine, 'ya29.made-up');
    assert.deepEqual([wrong.status, wrong.error.status, /invalid_token/.test(wrong.headers.get('www-authenticate'))], [401, 'UNAUTHENTICATED', true]);
    assert.equal(reason(await ask(machine, token, google.modelUrl(machine.told, 'rawPredict', { project: 'another' }))), 'IAM_PERMISSION_DENIED');
    assert.equal(reason(await ask(machine, token, undefined, { 'x-goog-user-project': 'denied-payer' })), 'USER_PROJECT_DENIED');
    assert.equal((await google.postJson(google.modelUrl(machine.told), { ...google.question, model: 'm' }, token)).error.status, 'INVALID_ARGUMENT');
    await machine.do('expire_tokens');
    assert.equal(reason(await ask(machine, token)), 'ACCESS_TOKEN_EXPIRED');
});

test('the token information knows whose a token is, and what it is for', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('authorized_user', { account: 'ada@example.com' });
    const { access_token } = await google.userToken(file);
    const info = await google.get(`${machine.told.tokeninfo}?access_token=${access_token}`);
    assert.deepEqual([info.email, info.aud, info.email_verified], ['ada@example.com', file.client_id, 'true']);
    assert.ok(info.scope.split(' ').includes(google.cloudScope));
    assert.match(info.expires_in, /^35\d\d$/);
    assert.deepEqual(told(await google.get(`${machine.told.tokeninfo}?access_token=x`)), [400, 'invalid_token', 'Invalid Value']);
});

test('faults meet each service, which fails in its own words', async (t) => {
    const machine = await GoogleMachine.start(t);
    const file = await machine.make('authorized_user');
    await machine.sandbox.fault('google_token:status=503@1', 'google_metadata:status=503@1', 'vertex:status=429,retry-after=3@1', 'google_iam:invalid-grant@1', 'google_sts:status=500@1');
    assert.deepEqual((await google.userToken(file)).error, 'temporarily_unavailable');
    const { access_token } = await google.userToken(file);
    const metadata = await google.get(`http://${machine.told.metadata}/computeMetadata/v1/project/project-id`, flavor);
    assert.deepEqual([metadata.status, metadata.headers.get('metadata-flavor')], [503, 'Google']);
    const busy = await ask(machine, access_token);
    assert.deepEqual([busy.status, busy.error.status, busy.headers.get('retry-after')], [429, 'RESOURCE_EXHAUSTED', '3']);
    const iam = await google.postJson(`${machine.told.iam}/v1/projects/-/serviceAccounts/${machine.told.target}:generateAccessToken`, {}, access_token);
    assert.equal(iam.error.status, 'UNAUTHENTICATED');
    const external = await machine.make('external_account', { source: 'url' });
    assert.equal((await google.exchanged(external, 'x')).error, 'internal_failure');
    const spoiled = (await machine.requests()).filter((one) => one.faults.length > 0);
    assert.deepEqual(spoiled.map((one) => one.outcome), Array(5).fill('not_processed'));
});

test('what it tells of requests has no secret in it', async (t) => {
    const machine = await GoogleMachine.start(t);
    const user = await machine.make('authorized_user');
    const robot = await machine.make('service_account');
    const { access_token } = await google.userToken(user);
    const other = (await google.accountToken(robot)).access_token;
    await ask(machine, access_token);
    const said = JSON.stringify(await machine.control()) + JSON.stringify(await machine.sandbox.records());
    for (const secret of [user.refresh_token, user.client_secret, access_token, other, robot.private_key.slice(60, 100)])
        assert.ok(!said.includes(secret));
});
