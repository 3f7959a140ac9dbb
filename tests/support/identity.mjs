// Starts the certified authorization server beside a scenario.
import { fileURLToPath } from 'node:url';

export class IdentityServer {
    static async start(stage, { lifetime = 60 } = {}) {
        const script = fileURLToPath(new URL('identity_server.mjs', import.meta.url));
        const server = stage.start(process.execPath, ['--no-warnings', script], {
            env: { ACCESS_TOKEN_LIFETIME: String(lifetime) },
        });
        const told = JSON.parse(await server.line('its address', (line) => line.startsWith('{')));
        return new IdentityServer(server, told.issuer);
    }
    constructor(server, issuer) {
        this.server = server;
        this.issuer = issuer;
    }
    async records() {
        return (await fetch(`${this.issuer}/_records`)).json();
    }
    async grants(kind) {
        return (await this.records()).grants.filter((one) => one.grant === kind);
    }
}
