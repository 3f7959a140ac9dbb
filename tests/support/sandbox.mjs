// The project's own sandbox as a test's peer: starts it, steers its faults, reads what it saw.
import { programs } from './stage.mjs';

export class Sandbox {
    static async start(stage, parameters = ['--auto-approve']) {
        const server = stage.start(programs.sandbox, ['--json', '--die-with-parent', '--records-with-tokens', ...parameters]);
        const told = JSON.parse(await server.line('its addresses'));
        return new Sandbox(stage, server, told);
    }

    constructor(stage, server, told) {
        this.stage = stage;
        this.server = server;
        this.told = told;
        this.origin = new URL(told.issuer).origin;
    }

    async #ask(method, path, body) {
        const answer = await fetch(this.origin + path, {
            method,
            body: body === undefined ? undefined : JSON.stringify(body),
            headers: body === undefined ? {} : { 'content-type': 'application/json' },
        });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
        return text ? JSON.parse(text) : undefined;
    }
    records() {
        return this.#ask('GET', '/_sandbox/records');
    }
    // From now on these faults and no others; specifications as `--fault` takes them.
    fault(...faults) {
        return this.#ask('POST', '/_sandbox/faults', { faults, clear: true });
    }
    calm() {
        return this.#ask('DELETE', '/_sandbox/faults');
    }
    expire() {
        return this.#ask('POST', '/_sandbox/expire', {});
    }
    revokeFamilies() {
        return this.#ask('POST', '/_sandbox/revoke-families', {});
    }

    // Every sign-in is of this organisation from its next renewal on.
    moveFamilies(organization) {
        return this.#ask('POST', '/_sandbox/move-families', { organization });
    }
    revokeKeys() {
        return this.#ask('POST', '/_sandbox/revoke-keys', {});
    }

    // Requests for a renewal, as the server saw them; those that a fault met count too.
    async refreshes() {
        return (await this.records()).token_requests.filter((request) => request.grant === 'refresh_token');
    }
    // Those of them that were answered with tokens, whether or not the answer arrived.
    async renewals() {
        return (await this.refreshes()).filter((request) => request.outcome === 'issued');
    }
    async liveFamilies() {
        return (await this.records()).families.filter((family) => family.state === 'live');
    }

    // A profile that signs in here; extra settings are pairs "key=value".
    async profile(name = 'demo', { provider = 'oidc', settings = [], client = 'sandbox' } = {}) {
        const base =
            provider === 'claude'
                ? ['--set', `console_url=${this.told.console_url}`, '--set', `base_url=${this.told.base_url}`]
                : ['--issuer', this.told.issuer];
        const more = settings.flatMap((setting) => ['--set', setting]);
        const id = client ? ['--client-id', client] : [];
        // Without an agent, so that the scenario decides when one is started, and how.
        await this.stage.ok(['profile', 'add', name, '--provider', provider, ...id, ...base, ...more], {
            env: { HEARTH_NO_AGENT: '1' },
        });
        return name;
    }
    async signIn(name = 'demo', options = {}) {
        const env = { BROWSER: this.stage.clicker(), ...options.env };
        return this.stage.ok(['login', name], { ...options, env });
    }
    // Profile and sign-in, without an agent: what most scenarios begin with.
    async signedIn(options = {}) {
        const name = await this.profile(options.name, options);
        await this.signIn(name, { env: { HEARTH_NO_AGENT: '1' } });
        return name;
    }
}
