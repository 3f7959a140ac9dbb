// A client of Google's services that is written from their documentation alone, with JWTs made and read by npm `jose`.
import { createPrivateKey, createPublicKey } from 'node:crypto';

import { SignJWT, createRemoteJWKSet, jwtVerify } from 'jose';

export const cloudScope = 'https://www.googleapis.com/auth/cloud-platform';
export const emailScope = 'https://www.googleapis.com/auth/userinfo.email';
export const tokenAudience = 'https://oauth2.googleapis.com/token';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const tokenType = (name) => `urn:ietf:params:oauth:token-type:${name}`;

async function read(answer) {
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, headers: answer.headers, text, ...(json ? JSON.parse(text) : {}) };
}

export async function get(url, headers = {}) {
    return read(await fetch(url, { headers }));
}
export async function postForm(url, form, headers = {}) {
    return read(await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) }));
}
export async function postJson(url, body, token, headers = {}) {
    const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const type = { 'content-type': 'application/json' };
    return read(await fetch(url, { method: 'POST', headers: { ...type, ...bearer, ...headers }, body: JSON.stringify(body) }));
}
export const basic = (file) => ({ authorization: `Basic ${btoa(`${file.client_id}:${file.client_secret}`)}` });

const now = () => Math.floor(Date.now() / 1000);

// A JWT that the key of a credential file signs. A claim that is null is left out.
export async function signed(file, claims, { key = file.private_key, header = {} } = {}) {
    const kind = createPrivateKey(key);
    const all = Object.entries({ iat: now(), exp: now() + 3600, ...claims }).filter(([, value]) => value !== null);
    return new SignJWT(Object.fromEntries(all))
        .setProtectedHeader({ alg: kind.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256', typ: 'JWT', kid: file.private_key_id, ...header })
        .sign(kind);
}
export function publicHalf(pem) {
    return createPublicKey(createPrivateKey(pem));
}

// The JWT bearer grant of a service account.
export async function accountToken(file, claims = {}, options) {
    const usual = { iss: file.client_email, aud: tokenAudience, scope: cloudScope };
    const assertion = await signed(file, { ...usual, ...claims }, options);
    return postForm(file.token_uri, { grant_type: jwtBearer, assertion });
}
export function userToken(file, more = {}) {
    const { client_id, client_secret, refresh_token } = file;
    return postForm(file.token_uri, { grant_type: 'refresh_token', client_id, client_secret, refresh_token, ...more });
}
// The exchange of somebody else's token.
export function exchanged(file, subject, more = {}, headers = {}) {
    const form = {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        audience: file.audience,
        scope: cloudScope,
        requested_token_type: tokenType('access_token'),
        subject_token: subject,
        subject_token_type: file.subject_token_type,
        ...more,
    };
    return postForm(file.token_url, form, headers);
}

// The claims of a token of the sandbox's own issuer, its signature checked.
export async function issuedClaims(origin, token, audience) {
    const keys = createRemoteJWKSet(new URL(`${origin}/jwks`));
    return (await jwtVerify(token, keys, { issuer: origin, audience })).payload;
}

export const question = { anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };
export function modelUrl(told, method = 'rawPredict', { project = told.project, model = 'sandbox-large' } = {}) {
    return `${told.vertex}/projects/${project}/locations/europe-west1/publishers/anthropic/models/${model}:${method}`;
}
