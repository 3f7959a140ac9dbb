// A certified authorization server on loopback: npm oidc-provider, with everything on that hearth's sign-in needs.
// Prints one line of JSON once it listens. GET /_records tells what it saw.
import http from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const lifetime = Number(process.env.ACCESS_TOKEN_LIFETIME ?? 60);
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const records = { grants: [], revoked: [], registered: [], errors: [] };

const server = http.createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const native = {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback', 'http://[::1]/callback'],
    grant_types: ['authorization_code', 'refresh_token', device],
    response_types: ['code'],
};
const provider = new Provider(issuer, {
    clients: [
        { client_id: 'native', ...native },
        {
            ...native,
            client_id: 'confidential',
            client_secret: 'needs/form+encoding: %',
            token_endpoint_auth_method: 'client_secret_basic',
        },
    ],
    jwks: { keys: [{ ...key, alg: 'RS256', use: 'sig', kid: 'signing' }] },
    cookies: { keys: ['for tests only'] },
    findAccount: (ctx, id) => ({
        accountId: id,
        claims: () => ({ sub: id, email: `${id}@example.test`, name: `Demo ${id}` }),
    }),
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    scopes: ['openid', 'offline_access', 'email', 'profile'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    clientDefaults: { grant_types: ['authorization_code', 'refresh_token', device] },
    ttl: { AccessToken: lifetime, RefreshToken: 3600, DeviceCode: 300, Grant: 3600, Session: 3600, IdToken: 300, Interaction: 300 },
    features: {
        devInteractions: { enabled: true },
        deviceFlow: { enabled: true },
        revocation: { enabled: true, allowedPolicy: () => true },
        introspection: { enabled: true, allowedPolicy: () => true },
        registration: { enabled: true },
        registrationManagement: { enabled: true },
        resourceIndicators: { enabled: false },
    },
});
provider.on('grant.success', (ctx) =>
    records.grants.push({ grant: ctx.oidc.params.grant_type, client: ctx.oidc.client.clientId, pkce: !!ctx.oidc.params.code_verifier }),
);
provider.on('grant.revoked', (ctx, grant) => records.revoked.push(grant));
provider.on('registration_create.success', (ctx, client) => records.registered.push(client.metadata()));
for (const event of ['authorization.error', 'grant.error', 'registration_create.error', 'revocation.error', 'server_error'])
    provider.on(event, (ctx, error) => records.errors.push(`${event}: ${error.message} ${error.error_description ?? ''}`));

const handle = provider.callback();
server.on('request', (request, response) => {
    if (request.url !== '/_records') return handle(request, response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(records));
});
// The development pages warn on the console that they are not for production; these lines are not for the test.
console.log(JSON.stringify({ issuer, pid: process.pid }));
