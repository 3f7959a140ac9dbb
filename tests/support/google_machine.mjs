// A machine that uses Google Cloud, whose services are the sandbox's.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { Sandbox } from './sandbox.mjs';
import { Stage } from './stage.mjs';

export class GoogleMachine {
    static async start(t, { parameters = ['--auto-approve', '--google-ttl', '3600'], variables = {} } = {}) {
        const stage = Stage.open(t, { variables: { BROWSER: '/bin/true', ...variables } });
        const sandbox = await Sandbox.start(stage, parameters);
        return new GoogleMachine(stage, sandbox);
    }

    constructor(stage, sandbox) {
        this.stage = stage;
        this.sandbox = sandbox;
        this.told = sandbox.told.google;
        this.wellKnown = join(stage.variables.HOME, '.config/gcloud/application_default_credentials.json');
    }

    // A profile of hearth's that asks the sandbox.
    profile(name, lines = '') {
        this.stage.configure(
            `[profiles.${name}]\nprovider = "google"\nsts_endpoint = "${new URL(this.told.sts).origin}/google"\n` +
                `iam_endpoint = "${this.told.iam}"\ntokeninfo_endpoint = "${this.told.tokeninfo}"\n${lines}\n`,
        );
    }

    async control(order) {
        const answer = await fetch(this.told.control, order ? { method: 'POST', body: JSON.stringify(order) } : {});
        const told = await answer.json();
        if (!answer.ok) throw new Error(JSON.stringify(told));
        return told;
    }
    make(type, wish = {}) {
        return this.control({ make: type, ...wish });
    }
    do(deed, more = {}) {
        return this.control({ do: deed, ...more });
    }
    // Writes a credential file; where gcloud would unless a name is given.
    write(file, path = this.wellKnown) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file), { mode: 0o600 });
        return path;
    }

    // A model of the sandbox's Vertex asked with a token; the answer's status.
    async vertex(token, headers = {}) {
        const place = `projects/${this.told.project}/locations/europe-west1/publishers/anthropic/models/claude-opus-4:rawPredict`;
        const answer = await fetch(`${this.told.vertex}/${place}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
            body: JSON.stringify({ anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] }),
        });
        await answer.arrayBuffer();
        return answer.status;
    }
    async requests(endpoint) {
        return (await this.control()).requests.filter((one) => endpoint === undefined || one.endpoint === endpoint);
    }
}
