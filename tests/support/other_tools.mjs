// Programs beside hearth that sign in at the sandbox by themselves, and keep what they got in files of their own.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const redirects = { oidc: 'http://127.0.0.1:9/callback', claude: 'http://localhost:9/callback' };
const scopes = { oidc: 'openid offline_access', claude: 'user:profile user:inference user:developer' };

// The answer of the token endpoint to a sign-in that had nothing to do with hearth.
export async function signInElsewhere(sandbox, kind = 'oidc', { client = 'sandbox', secret, scope = scopes[kind] } = {}) {
    const verifier = randomBytes(48).toString('base64url');
    const state = randomBytes(16).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const redirect_uri = redirects[kind];
    const [authorize, token] = kind === 'claude' ? [sandbox.told.claude_authorize, sandbox.told.claude_token] : [sandbox.told.authorize, sandbox.told.token];
    const asked = new URL(authorize);
    for (const [name, value] of Object.entries({ response_type: 'code', client_id: client, redirect_uri, scope, state, code_challenge: challenge, code_challenge_method: 'S256' }))
        asked.searchParams.set(name, value);
    const back = await fetch(asked, { redirect: 'manual' });
    const code = new URL(back.headers.get('location')).searchParams.get('code');
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id: client, redirect_uri };
    if (kind === 'claude') form.state = state;
    if (secret) form.client_secret = secret;
    const answer = await fetch(token, { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
}

// The other program goes on and renews by itself.
export async function renewElsewhere(sandbox, tokens, { client = 'sandbox' } = {}) {
    const answer = await fetch(sandbox.told.claude_token, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-beta': 'oauth-2025-04-20' },
        body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: client }),
    });
    assert.equal(answer.status, 200);
    return answer.json();
}

export function put(path, content, mode = 0o600) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, typeof content === 'object' && !Buffer.isBuffer(content) ? JSON.stringify(content) : content);
    chmodSync(path, mode);
    return path;
}

// A profile of Anthropic's tools, as `ant auth login` writes it; what is given replaces members of the two files.
export function putAntProfile(stage, sandbox, tokens, { name = 'default', config = {}, authentication = {}, credential = {} } = {}) {
    const folder = join(stage.variables.HOME, '.config', 'anthropic');
    put(join(folder, 'configs', `${name}.json`), {
        version: '1.0',
        authentication: { type: 'user_oauth', client_id: 'sandbox', console_url: sandbox.told.console_url, ...authentication },
        base_url: sandbox.told.base_url,
        ...config,
    }, 0o644);
    return put(join(folder, 'credentials', `${name}.json`), {
        version: '1.0',
        type: 'oauth_token',
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_at: Math.floor(Date.now() / 1000) + (tokens.expires_in ?? 0),
        scope: tokens.scope,
        account_email: tokens.account?.email_address,
        organization_uuid: tokens.organization?.uuid,
        organization_name: tokens.organization?.name,
        ...credential,
    });
}

// What `oidc-gen --print` shows of an account.
export function accountOf(sandbox, tokens, { name = 'work', client = 'sandbox', ...more } = {}) {
    return { name, issuer_url: sandbox.told.issuer, client_id: client, refresh_token: tokens.refresh_token, scope: 'openid offline_access', ...more };
}

// Everything below a folder, byte for byte, with modes and times: two of them are equal when nothing was touched.
export function everything(folder) {
    return readdirSync(folder, { recursive: true })
        .sort()
        .map((name) => {
            const facts = lstatSync(join(folder, name));
            const content = facts.isFile() && facts.size < 1 << 20 ? readFileSync(join(folder, name), 'base64') : facts.isSymbolicLink() ? readlinkSync(join(folder, name)) : '';
            return [name, facts.mode, facts.size, facts.mtimeMs, content];
        });
}
