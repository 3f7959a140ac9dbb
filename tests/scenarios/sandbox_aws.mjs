// The sandbox's AWS face against clients that are not ours: the AWS CLI, and botocore's signer and event stream reader.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AwsMachine, credentialsIn, send } from '../support/aws.mjs';
import { expectStatus } from '../support/stage.mjs';

const assumed = (role, session) => new RegExp(`^arn:aws:sts::111122223333:assumed-role/${role}/${session ?? '.+'}$`);

// A role profile; `from` is where its keys come from.
function roleProfile(aws, name, role, from, more = '') {
    return `[profile ${name}]\nregion = ${aws.told.region}\nrole_arn = ${aws.told.roles[role]}\n${from}\n${more}\n`;
}

const question = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };

// Signs all at once, sends one after the other.
async function answers(aws, requests) {
    const told = [];
    for (const request of await aws.sign(requests)) told.push(await send(request));
    return told;
}

async function oidc(aws, path, body) {
    const answer = await fetch(aws.told.sso_oidc + path, { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, type: answer.headers.get('x-amzn-errortype'), ...(await answer.json()) };
}

async function portal(aws, path, token, method = 'GET') {
    const headers = token ? { 'x-amz-sso_bearer_token': token } : {};
    const answer = await fetch(aws.told.sso_portal + path, { method, headers });
    const text = await answer.text();
    return { status: answer.status, type: answer.headers.get('x-amzn-errortype'), ...(text ? JSON.parse(text) : {}) };
}

test('the CLI asks who it is, by key, by role and by a chain of three roles', async (t) => {
    const aws = await AwsMachine.start(t);
    aws.config(
        roleProfile(aws, 'one', 'reader', 'source_profile = user', 'role_session_name = first') +
            roleProfile(aws, 'two', 'deployer', 'source_profile = one') +
            roleProfile(aws, 'three', 'auditor', 'source_profile = two'),
    );
    assert.equal(await aws.identity('user'), 'arn:aws:iam::111122223333:user/robin');
    assert.match(await aws.identity('one'), assumed('reader', 'first'));
    assert.match(await aws.identity('two'), assumed('deployer'));
    assert.match(await aws.identity('three'), assumed('auditor'));
});

test('a role lets in whom it trusts, and nobody else', async (t) => {
    const aws = await AwsMachine.start(t);
    const { roles } = aws.told;
    const assume = (role, more) => aws.call('AssumeRole', { RoleArn: roles[role] ?? role, RoleSessionName: 'me', ...more });
    const [chainOnly, unknown, noExternal, wrongExternal, external, noMfa] = await answers(aws, [
        assume('deployer'),
        assume('arn:aws:iam::111122223333:role/nobody'),
        assume('partner'),
        assume('partner', { ExternalId: 'another' }),
        assume('partner', { ExternalId: aws.told.external_id }),
        assume('guarded'),
    ]);
    for (const denied of [chainOnly, unknown, noExternal, wrongExternal, noMfa])
        assert.deepEqual([denied.status, denied.code], [403, 'AccessDenied']);
    assert.equal(external.status, 200);
});

test('a code of the multi-factor device works once', async (t) => {
    const aws = await AwsMachine.start(t);
    const code = (await aws.control()).mfa_code;
    const guarded = { RoleArn: aws.told.roles.guarded, RoleSessionName: 'me' };
    const mfa = { SerialNumber: aws.told.mfa_serial, TokenCode: code };
    const assume = aws.call('AssumeRole', { ...guarded, ...mfa });
    const [first, again] = await answers(aws, [assume, assume]);
    assert.equal(first.status, 200);
    assert.equal(again.code, 'AccessDenied');
    // A session that was begun with a code needs none for the role.
    const next = (await aws.control()).mfa_code;
    assert.notEqual(next, code);
    const [session] = await answers(aws, [aws.call('GetSessionToken', { ...mfa, TokenCode: next })]);
    const [role] = await answers(aws, [aws.call('AssumeRole', guarded, credentialsIn(session))]);
    assert.equal(role.status, 200);
});

test('each parameter has its limits, and an error names it without its value', async (t) => {
    const aws = await AwsMachine.start(t);
    const good = { RoleArn: aws.told.roles.reader, RoleSessionName: 'me' };
    const members = (name, count, rest = '') =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}.member.${at + 1}${rest}`, 'x']));
    const wrong = [
        ['RoleArn', { RoleArn: 'short' }],
        ['RoleArn', { RoleArn: `arn:aws:iam::111122223333:role/${'x'.repeat(2048)}` }],
        ['RoleSessionName', { RoleSessionName: '' }],
        ['RoleSessionName', { RoleSessionName: 'a' }],
        ['RoleSessionName', { RoleSessionName: 'x'.repeat(65) }],
        ['RoleSessionName', { RoleSessionName: 'has a blank' }],
        ['DurationSeconds', { DurationSeconds: '899' }],
        ['DurationSeconds', { DurationSeconds: '43201' }],
        ['DurationSeconds', { DurationSeconds: 'soon' }],
        ['ExternalId', { ExternalId: 'x' }],
        ['ExternalId', { ExternalId: 'x'.repeat(1225) }],
        ['SerialNumber', { SerialNumber: 'short', TokenCode: '123456' }],
        ['TokenCode', { SerialNumber: 'long enough'.replace(' ', '-'), TokenCode: '12345' }],
        ['TokenCode', { SerialNumber: 'long-enough' }],
        ['SourceIdentity', { SourceIdentity: 'x' }],
        ['Policy', { Policy: `"${'x'.repeat(2048)}"` }],
        ['PolicyArns', members('PolicyArns', 11, '.arn')],
        ['Tags', members('Tags', 51, '.Key')],
        ['TransitiveTagKeys', members('TransitiveTagKeys', 51)],
        ['TransitiveTagKeys', { 'TransitiveTagKeys.member.2': 'x' }],
        ['ProvidedContexts', members('ProvidedContexts', 6, '.ProviderArn')],
    ];
    const told = await answers(
        aws,
        wrong.map(([, change]) => aws.call('AssumeRole', { ...good, ...change })),
    );
    told.forEach((answer, at) => {
        const [name, change] = wrong[at];
        assert.deepEqual([answer.status, answer.code], [400, 'ValidationError'], `${name}: ${answer.text}`);
        assert.ok(answer.element('Message').includes(name), answer.text);
        for (const value of Object.values(change)) assert.ok(value.length < 5 || !answer.text.includes(value), answer.text);
    });
    const [policy, most] = await answers(aws, [
        aws.call('AssumeRole', { ...good, Policy: 'no JSON' }),
        aws.call('AssumeRole', { ...good, DurationSeconds: '43200', ...members('Tags', 50, '.Key'), SourceIdentity: 'robin' }),
    ]);
    assert.equal(policy.code, 'MalformedPolicyDocument');
    assert.equal(most.element('SourceIdentity'), 'robin');
    assert.ok(credentialsIn(most).until > Date.now() + 11 * 3600 * 1000);
});

test('a session of a role brings no more than an hour of another', async (t) => {
    const aws = await AwsMachine.start(t);
    const assume = (role, seconds) =>
        aws.call('AssumeRole', { RoleArn: aws.told.roles[role], RoleSessionName: 'me', DurationSeconds: `${seconds}` });
    const [reader] = await answers(aws, [assume('reader', 7200)]);
    const keys = credentialsIn(reader);
    const [long, hour, session] = await answers(
        aws,
        [assume('deployer', 3601), assume('deployer', 3600), aws.call('GetSessionToken')].map((one) => ({ ...one, ...keys })),
    );
    assert.deepEqual([long.status, long.code], [400, 'ValidationError']);
    assert.match(long.element('Message'), /1 hour/);
    assert.equal(hour.status, 200);
    assert.equal(session.code, 'AccessDenied');
});

test('an identity token of the sandbox is a role for the CLI', async (t) => {
    const aws = await AwsMachine.start(t);
    const issue = async (claims) => {
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ claims: { aud: aws.told.web_identity_audience, ...claims } });
        return (await (await fetch(`${aws.sandbox.origin}/_sandbox/identity`, { method: 'POST', headers, body })).json()).token;
    };
    const file = join(aws.stage.root, 'identity');
    aws.config(roleProfile(aws, 'web', 'workload', `web_identity_token_file = ${file}`, 'role_session_name = job'));
    writeFileSync(file, await issue({}));
    assert.match(await aws.identity('web'), assumed('workload', 'job'));

    const now = Math.floor(Date.now() / 1000);
    const exchange = async (claims, spoil = (token) => token) => {
        const parameters = { RoleArn: aws.told.roles.workload, RoleSessionName: 'me', WebIdentityToken: spoil(await issue(claims)) };
        return (await send({ ...aws.call('AssumeRoleWithWebIdentity', parameters), method: 'POST' })).code;
    };
    assert.equal(await exchange({}), undefined);
    assert.equal(await exchange({ iat: now - 700, exp: now - 100 }), 'ExpiredTokenException');
    assert.equal(await exchange({ aud: 'somebody else' }), 'InvalidIdentityToken');
    assert.equal(await exchange({ iss: 'https://elsewhere.example' }), 'InvalidIdentityToken');
    assert.equal(await exchange({}, (token) => `${token.slice(0, -4)}AAAA`), 'InvalidIdentityToken');
    assert.equal(await exchange({ sub: 'system:serviceaccount:other:runner' }), 'AccessDenied');
});

test('a container finds its credentials with its token, and not without', async (t) => {
    const aws = await AwsMachine.start(t);
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.told.container, AWS_CONTAINER_AUTHORIZATION_TOKEN: aws.told.container_token };
    assert.match(await aws.identity(undefined, { env }), assumed('container'));
    for (const token of ['', 'wrong', aws.told.container_token.slice(1)]) {
        const answer = await fetch(aws.told.container, { headers: token ? { Authorization: token } : {} });
        const body = await answer.json();
        assert.deepEqual([answer.status, body.code, typeof body.message], [401, 'Unauthorized', 'string']);
    }
});

test('an instance finds its credentials in its metadata, which it reads with a token alone', async (t) => {
    const aws = await AwsMachine.start(t);
    const env = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.told.metadata };
    assert.match(await aws.identity(undefined, { env }), assumed('instance'));

    const put = (headers) => fetch(`${aws.told.metadata}latest/api/token`, { method: 'PUT', headers });
    const ttl = 'x-aws-ec2-metadata-token-ttl-seconds';
    const given = await put({ [ttl]: '21600' });
    assert.deepEqual([given.status, given.headers.get(ttl)], [200, '21600']);
    const token = await given.text();
    const statuses = [{ [ttl]: '0' }, { [ttl]: '21601' }, { [ttl]: 'long' }, {}, { [ttl]: '60', 'X-Forwarded-For': '10.0.0.1' }].map(
        async (headers) => (await put(headers)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [400, 400, 400, 400, 400]);

    const get = async (path, headers = { 'x-aws-ec2-metadata-token': token }) => {
        const answer = await fetch(aws.sandbox.origin + path, { headers });
        return [answer.status, await answer.text()];
    };
    const roles = '/latest/meta-data/iam/security-credentials';
    assert.deepEqual(await get(`${roles}/`), [200, 'instance']);
    assert.deepEqual(await get(roles), [200, 'instance']);
    assert.deepEqual(await get('/latest/meta-data/placement/region'), [200, aws.told.region]);
    assert.deepEqual(await get('/latest/meta-data/placement/availability-zone/'), [200, `${aws.told.region}a`]);
    assert.equal(JSON.parse((await get('/latest/dynamic/instance-identity/document'))[1]).region, aws.told.region);
    for (const path of [`${roles}/another`, `${roles}-extended/`, '/latest/user-data']) assert.equal((await get(path))[0], 404);
    assert.equal((await get(`${roles}/`, {}))[0], 401);
    assert.equal((await get(`${roles}/`, { 'x-aws-ec2-metadata-token': `${token}x` }))[0], 401);
    assert.equal((await fetch(`${aws.told.metadata}latest/api/token`)).status, 405);
    await aws.control({ metadata_without_tokens: true });
    assert.equal((await get(`${roles}/`, {}))[0], 200);
    await aws.control({ clock_offset: 21601 });
    assert.equal((await get(`${roles}/`))[0], 401, 'the token has expired');
    // Where the token is refused, as behind one hop too many, the CLI goes on without, if the instance lets it.
    await aws.sandbox.fault('imds-token:status=403');
    await aws.control({ clock_offset: 0 });
    assert.match(await aws.identity(undefined, { env }), assumed('instance'));
    await aws.sandbox.fault('imds:invalid-grant');
    const failed = await get(`${roles}/instance`);
    assert.deepEqual([failed[0], JSON.parse(failed[1]).Code], [200, 'AssumeRoleUnauthorizedAccess']);
});

test('the CLI signs in to Identity Center by a device code, acts in a role, and renews the sign-in', async (t) => {
    // Access tokens of ten minutes: this CLI renews each that has less than fifteen left.
    const aws = await AwsMachine.start(t, ['--auto-approve', '--device-interval', '1', '--access-ttl', '600']);
    const { region } = aws.told;
    const scopes = 'sso_registration_scopes = sso:account:access';
    const session = `[sso-session here]\nsso_region = ${region}\nsso_start_url = ${aws.told.sso_start_url}\n${scopes}\n`;
    const profile = (name, account, role) =>
        `[profile ${name}]\nregion = ${region}\nsso_session = here\nsso_account_id = ${account}\nsso_role_name = ${role}\n`;
    aws.config(session + profile('one', '444455556666', 'ReadOnly') + profile('two', '111122223333', 'Developer'));
    expectStatus(await aws.cli(['sso', 'login', '--profile', 'one']), 0);
    assert.match(await aws.identity('one'), /^arn:aws:sts::444455556666:assumed-role\/AWSReservedSSO_ReadOnly_[0-9a-f]{16}\/robin$/);
    const issued = (await aws.sandbox.records()).token_requests.filter((one) => one.outcome === 'issued');
    assert.deepEqual(
        issued.map((one) => [one.face, one.grant.split(':').at(-1), one.generation]),
        [
            ['aws', 'device_code', 0],
            ['aws', 'refresh_token', 1],
        ],
    );
    await aws.sandbox.revokeFamilies();
    const refused = await aws.cli(['sts', 'get-caller-identity', '--profile', 'two']);
    assert.notEqual(refused.status, 0);
    assert.match(refused.stderr, /SSO session .* has expired or is otherwise invalid/);
    const asked = (await aws.control()).requests.filter((one) => one.action === 'GetRoleCredentials');
    assert.deepEqual(asked.map((one) => one.outcome), ['answered', 'UnauthorizedException']);
});

test('a program signs in to Identity Center by a browser, with PKCE, and stays signed in', async (t) => {
    const aws = await AwsMachine.start(t);
    const redirect = 'http://127.0.0.1:4321/oauth/callback';
    const client = await oidc(aws, '/client/register', {
        clientName: 'program',
        clientType: 'public',
        scopes: ['sso:account:access'],
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
        issuerUrl: aws.told.sso_start_url,
    });
    assert.equal(client.status, 200);
    assert.ok(client.clientSecretExpiresAt > Date.now() / 1000 + 80 * 86400);
    const who = { clientId: client.clientId, clientSecret: client.clientSecret };
    const codeVerifier = randomBytes(48).toString('base64url');
    const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.clientId,
        redirect_uri: redirect,
        state: 'here',
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        scopes: 'sso:account:access',
    });
    const codeOf = async () => {
        const answer = await fetch(`${client.authorizationEndpoint}?${query}`, { redirect: 'manual' });
        const back = new URL(answer.headers.get('location'));
        assert.equal(back.searchParams.get('state'), 'here');
        return back.searchParams.get('code');
    };
    const grant = { ...who, grantType: 'authorization_code', redirectUri: redirect, codeVerifier };
    const exchange = async (more) => oidc(aws, '/token', { ...grant, code: await codeOf(), ...more });
    const wrong = await exchange({ codeVerifier: randomBytes(48).toString('base64url') });
    assert.deepEqual([wrong.status, wrong.error, wrong.type], [400, 'invalid_grant', 'InvalidGrantException']);
    const stranger = await exchange({ clientSecret: 'wrong' });
    assert.deepEqual([stranger.status, stranger.error, stranger.type], [401, 'invalid_client', 'InvalidClientException']);

    const first = await exchange({});
    assert.equal((await portal(aws, '/assignment/accounts', first.accessToken)).status, 200);
    const renew = (token) => oidc(aws, '/token', { ...who, grantType: 'refresh_token', refreshToken: token });
    const second = await renew(first.refreshToken);
    assert.notEqual(second.accessToken, first.accessToken);
    assert.equal((await renew(first.refreshToken)).error, 'invalid_grant');
    const records = (await aws.sandbox.records()).token_requests;
    assert.deepEqual(
        records.map((one) => one.outcome),
        ['invalid_grant', 'InvalidClientException', 'issued', 'issued', 'invalid_grant'],
    );
    await aws.control({ clock_offset: 91 * 86400 });
    assert.equal((await renew(second.refreshToken)).type, 'InvalidClientException', 'its registration has expired');
});

test('the portal tells accounts and roles page by page, and whose sign-in is over nothing', async (t) => {
    const aws = await AwsMachine.start(t);
    const client = await oidc(aws, '/client/register', { clientName: 'program', clientType: 'public' });
    const who = { clientId: client.clientId, clientSecret: client.clientSecret };
    const device = await oidc(aws, '/device_authorization', { ...who, startUrl: aws.told.sso_start_url });
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const { accessToken, refreshToken } = await oidc(aws, '/token', { ...who, grantType, deviceCode: device.deviceCode });
    assert.equal(refreshToken, undefined, 'a program that asks for no scope does not stay signed in');

    const first = await portal(aws, '/assignment/accounts?max_result=1', accessToken);
    assert.deepEqual(first.accountList.map((one) => one.accountId), ['111122223333']);
    const rest = await portal(aws, `/assignment/accounts?max_result=1&next_token=${first.nextToken}`, accessToken);
    assert.deepEqual([rest.accountList[0].accountId, rest.nextToken], ['444455556666', undefined]);
    const roles = await portal(aws, '/assignment/roles?account_id=111122223333', accessToken);
    assert.deepEqual(roles.roleList.map((one) => one.roleName), ['Developer', 'ReadOnly']);
    const credentials = '/federation/credentials?account_id=111122223333&role_name=';
    const { roleCredentials } = await portal(aws, `${credentials}Developer`, accessToken);
    assert.ok(Math.abs(roleCredentials.expiration - Date.now() - 3600_000) < 60_000, 'milliseconds since 1970');
    assert.equal((await portal(aws, `${credentials}Owner`, accessToken)).status, 403);

    assert.equal((await portal(aws, '/logout', accessToken, 'POST')).status, 200);
    for (const token of [accessToken, undefined, 'another']) {
        const refused = await portal(aws, `${credentials}Developer`, token);
        assert.deepEqual([refused.status, refused.type], [401, 'UnauthorizedException']);
    }
});

test('nobody who changes any part of a signed request is believed', async (t) => {
    const aws = await AwsMachine.start(t);
    const headers = { 'X-Amz-Meta-Note': 'a note', 'Content-Type': 'application/json' };
    const body = JSON.stringify(question);
    const url = `${aws.told.bedrock}/model/anthropic.sandbox-v1%3A0/invoke?b=2&a=1%20and%202`;
    const presigned = `${aws.told.sts}/?Action=GetCallerIdentity&Version=2011-06-15`;
    const [request, link] = await aws.sign([
        { url, headers, body, service: 'bedrock' },
        { url: presigned, method: 'GET', expires: 60 },
    ]);
    assert.equal((await send(request)).status, 200);
    assert.equal((await send(link)).status, 200);
    const form = 'application/x-www-form-urlencoded';
    const date = request.headers['X-Amz-Date'];
    const later = date.replace(/(\d)Z$/, (_, digit) => `${(Number(digit) + 1) % 10}Z`);
    const signature = request.headers.Authorization;
    const with_ = (changes) => ({ ...request, headers: { ...request.headers, ...changes } });
    const changed = {
        method: { ...link, method: 'POST', headers: { 'Content-Type': form }, body: presigned.split('?')[1] },
        path: { ...request, url: url.replace('sandbox-v1', 'sandbox-v2') },
        query: { ...request, url: url.replace('b=2', 'b=3') },
        'a name in the query': { ...request, url: url.replace('b=2', 'c=2') },
        header: with_({ 'X-Amz-Meta-Note': 'another note' }),
        'a header that was not signed': with_({ 'X-Amz-Meta-More': 'more' }),
        body: { ...request, body: body.replace('Hello', 'hello') },
        date: with_({ 'X-Amz-Date': later }),
        signature: with_({ Authorization: signature.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }),
        region: with_({ Authorization: signature.replace('/eu-central-1/', '/eu-west-1/') }),
        service: with_({ Authorization: signature.replace('/bedrock/', '/sts/') }),
        'a header that it names': with_({ Authorization: signature.replace('content-type;', '') }),
        'the life of a link': { ...link, url: link.url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600') },
    };
    for (const [part, one] of Object.entries(changed)) {
        const answer = await send(one);
        const code = answer.code ?? answer.headers.get('x-amzn-errortype');
        assert.ok([400, 403].includes(answer.status), `${part}: ${answer.status} ${answer.text}`);
        assert.match(code, /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignatureException)$/, part);
    }
    // What a signature does not depend on.
    const reordered = url.replace('b=2&a=1%20and%202', 'a=1%20and%202&b=2');
    assert.equal((await send({ ...with_({ 'User-Agent': 'another' }), url: reordered })).status, 200);
    await aws.control({ clock_offset: 61 });
    assert.equal((await send(link)).code, 'SignatureDoesNotMatch', 'the link has expired');
});

test('a signature of another time is refused with the time that it is', async (t) => {
    const aws = await AwsMachine.start(t);
    const [request] = await aws.sign([aws.call('GetCallerIdentity')]);
    for (const [offset, words] of [
        [290, undefined],
        [310, /Signature expired/],
        [-310, /Signature not yet current/],
    ]) {
        await aws.control({ clock_offset: offset });
        const answer = await send(request);
        const ahead = Date.parse(answer.headers.get('date')) - Date.now() - offset * 1000;
        assert.ok(Math.abs(ahead) < 60_000, 'the Date header tells the same time');
        assert.equal(answer.status, words ? 403 : 200, answer.text);
        if (words) assert.match(answer.element('Message'), words);
    }
});

test('a key is known, whole and still valid, or refused', async (t) => {
    const aws = await AwsMachine.start(t);
    const assume = aws.call('AssumeRole', { RoleArn: aws.told.roles.reader, RoleSessionName: 'me' });
    const [role] = await answers(aws, [assume]);
    const keys = credentialsIn(role);
    const who = aws.call('GetCallerIdentity');
    const [good, unknown, withoutToken, otherToken, wrongSecret, unwantedToken] = await answers(aws, [
        { ...who, ...keys },
        { ...who, access_key: 'AKIAAAAAAAAAAAAAAAAA' },
        { ...who, ...keys, token: undefined },
        { ...who, ...keys, token: `${keys.token}x` },
        { ...who, ...keys, secret: 'wrong' },
        { ...who, token: keys.token },
    ]);
    assert.equal(good.status, 200);
    for (const one of [unknown, withoutToken, otherToken, unwantedToken])
        assert.deepEqual([one.status, one.code], [403, 'InvalidClientTokenId']);
    assert.equal(wrongSecret.code, 'SignatureDoesNotMatch');
    assert.equal((await send({ ...who, method: 'POST' })).code, 'MissingAuthenticationToken');
    await aws.control({ expire: true });
    const [expired, user] = await answers(aws, [{ ...who, ...keys }, who]);
    assert.deepEqual([expired.status, expired.code], [403, 'ExpiredToken']);
    assert.equal(user.status, 200);
});

test('credentials live as long as the sandbox was told, wherever they come from', async (t) => {
    const aws = await AwsMachine.start(t, ['--auto-approve', '--aws-ttl', '1000']);
    const lives = (expires) => assert.ok(Math.abs(expires - Date.now() - 1000_000) < 60_000, `${expires}`);
    const [role, session] = await answers(aws, [
        aws.call('AssumeRole', { RoleArn: aws.told.roles.reader, RoleSessionName: 'me', DurationSeconds: '7200' }),
        aws.call('GetSessionToken'),
    ]);
    lives(credentialsIn(role).until);
    lives(credentialsIn(session).until);
    const headers = { Authorization: aws.told.container_token };
    const container = async () => (await fetch(aws.told.container, { headers })).json();
    const first = await container();
    lives(Date.parse(first.Expiration));
    assert.equal((await container()).AccessKeyId, first.AccessKeyId);
    await aws.control({ clock_offset: 501 });
    assert.notEqual((await container()).AccessKeyId, first.AccessKeyId, 'new ones while the old still live');
    await aws.control({ clock_offset: 0, lifetime: null });
    assert.ok(Date.parse((await container()).Expiration) > Date.now());
});

test('the CLI outlasts what a service is told to fail with, and names what lasts', async (t) => {
    const aws = await AwsMachine.start(t);
    aws.config(roleProfile(aws, 'role', 'reader', 'source_profile = user'));
    for (const fault of ['status=503', 'status=500', 'status=400', 'status=429', 'drop-before']) {
        await aws.sandbox.fault(`GetCallerIdentity:${fault}@1`);
        const before = await aws.count('GetCallerIdentity');
        assert.equal(await aws.identity('user'), 'arn:aws:iam::111122223333:user/robin', fault);
        assert.equal((await aws.count('GetCallerIdentity')) - before, 2, fault);
    }
    await aws.sandbox.fault('AssumeRole:invalid-grant');
    const expired = await aws.cli(['sts', 'get-caller-identity', '--profile', 'role']);
    assert.match(expired.stderr, /\(ExpiredToken\) when calling the AssumeRole operation/);
    await aws.sandbox.fault('AssumeRole:status=400');
    const throttled = await aws.cli(['sts', 'get-caller-identity', '--profile', 'role'], { env: { AWS_MAX_ATTEMPTS: '1' } });
    assert.match(throttled.stderr, /\(Throttling\) when calling the AssumeRole operation/);
    const records = (await aws.control()).requests;
    assert.ok(records.some((one) => one.action === 'AssumeRole' && one.outcome === 'not_processed' && one.faults.length === 1));
});

test('a model on Bedrock answers to a signature and to a key, whole and in pieces', async (t) => {
    const aws = await AwsMachine.start(t);
    const body = JSON.stringify(question);
    const place = `${aws.told.bedrock}/model/eu.anthropic.sandbox-v1%3A0`;
    const headers = { 'Content-Type': 'application/json' };
    const [whole, pieces, bare] = await aws.sign([
        { url: `${place}/invoke`, headers, body, service: 'bedrock' },
        { url: `${place}/invoke-with-response-stream`, headers, body, service: 'bedrock' },
        { url: `${place}/invoke`, headers, body: JSON.stringify({ ...question, model: 'x' }), service: 'bedrock' },
    ]);
    const said = 'You said: Hello. The sandbox has nothing to add.';
    assert.equal(JSON.parse((await send(whole)).text).content[0].text, said);
    assert.equal((await send(bare)).headers.get('x-amzn-errortype'), 'ValidationException');

    const stream = await fetch(pieces.url, { ...pieces });
    assert.equal(stream.headers.get('content-type'), 'application/vnd.amazon.eventstream');
    const events = await aws.events(Buffer.from(await stream.arrayBuffer()));
    assert.deepEqual(events[0].headers, { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' });
    assert.equal(events.map(({ event }) => event.delta?.text ?? '').join(''), said);
    assert.equal(events.at(-1).event.type, 'message_stop');

    const unsigned = { method: 'POST', url: `${place}/invoke`, headers, body };
    const bearer = (key) => send({ ...unsigned, headers: { ...headers, Authorization: `Bearer ${key}` } });
    assert.equal((await bearer(aws.told.bedrock_key)).status, 200);
    assert.equal((await bearer(`${aws.told.bedrock_key}x`)).status, 403);
    assert.equal((await send(unsigned)).status, 403);
    const call = 'https://bedrock.amazonaws.com/?Action=CallWithBearerToken';
    const [link] = await aws.sign([{ url: call, service: 'bedrock', expires: 43200 }]);
    const minted = `bedrock-api-key-${Buffer.from(`${link.url.replace('https://', '')}&Version=1`).toString('base64')}`;
    assert.equal((await bearer(minted)).status, 200);
    await aws.control({ clock_offset: 43201 });
    assert.equal((await bearer(minted)).status, 403);
});

test('the records tell who asked for what, and no secret', async (t) => {
    const aws = await AwsMachine.start(t);
    const [role] = await answers(aws, [aws.call('AssumeRole', { RoleArn: aws.told.roles.reader, RoleSessionName: 'me' })]);
    const keys = credentialsIn(role);
    await answers(aws, [{ ...aws.call('GetCallerIdentity'), ...keys }]);
    const records = await aws.sandbox.records();
    assert.deepEqual(
        records.aws.map(({ endpoint, action, principal, outcome }) => [endpoint, action, principal, outcome]),
        [
            ['sts', 'AssumeRole', 'arn:aws:iam::111122223333:user/robin', 'answered'],
            ['sts', 'GetCallerIdentity', 'arn:aws:sts::111122223333:assumed-role/reader/me', 'answered'],
        ],
    );
    const text = JSON.stringify(records) + JSON.stringify(await aws.control());
    const { secret_access_key: secret, container_token: container, bedrock_key: bedrock } = aws.told;
    for (const needle of [secret, container, bedrock, keys.secret, keys.token]) assert.ok(!text.includes(needle));
});
