// A machine that uses AWS: the AWS CLI of the distribution, unmodified, whose services are the sandbox's.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Sandbox } from './sandbox.mjs';
import { Stage, expectStatus } from './stage.mjs';

const peer = fileURLToPath(new URL('aws_peer.py', import.meta.url));

// This CLI is too old for AWS_ENDPOINT_URL_…: the folder that botocore looks into first tells it where the services are.
const models = { sts: 'sts/2011-06-15', sso_portal: 'sso/2019-06-10', sso_oidc: 'sso-oidc/2019-06-10' };

export class AwsMachine {
    static async start(t, parameters = ['--auto-approve', '--device-interval', '1']) {
        const stage = Stage.open(t, { variables: { AWS_PAGER: '', AWS_EC2_METADATA_DISABLED: 'true', BROWSER: '/bin/true' } });
        const sandbox = await Sandbox.start(stage, parameters);
        return new AwsMachine(stage, sandbox);
    }

    constructor(stage, sandbox) {
        this.stage = stage;
        this.sandbox = sandbox;
        this.told = sandbox.told.aws;
        this.folder = join(stage.variables.HOME, '.aws');
        for (const [service, folder] of Object.entries(models)) this.#model(folder, this.told[service]);
        this.config('');
    }

    #model(folder, url) {
        const place = join(this.folder, 'models', folder);
        mkdirSync(place, { recursive: true });
        const region = { builtIn: 'AWS::Region', required: true, documentation: '', type: 'String' };
        const rules = {
            version: '1.0',
            parameters: { Region: region },
            rules: [{ conditions: [], endpoint: { url, properties: {}, headers: {} }, type: 'endpoint' }],
        };
        writeFileSync(join(place, 'endpoint-rule-set-1.json'), JSON.stringify(rules));
    }

    // The user's long-term key, then what a test adds.
    config(text) {
        const user = `[default]\nregion = ${this.told.region}\n[profile user]\nregion = ${this.told.region}\n`;
        const keys = `aws_access_key_id = ${this.told.access_key_id}\naws_secret_access_key = ${this.told.secret_access_key}\n`;
        writeFileSync(join(this.folder, 'config'), user + keys + text, { mode: 0o600 });
    }

    cli(parameters, options = {}) {
        return this.stage.run('/usr/bin/aws', [...parameters, '--output', 'json'], options);
    }
    async ok(parameters, options) {
        const { stdout } = expectStatus(await this.cli(parameters, options), 0);
        return stdout.trim() ? JSON.parse(stdout) : undefined;
    }
    async identity(profile, options) {
        return (await this.ok(['sts', 'get-caller-identity', ...(profile ? ['--profile', profile] : [])], options)).Arn;
    }

    async #ask(question) {
        const done = await this.stage.run('/usr/bin/python3', [peer], { input: JSON.stringify(question) });
        return JSON.parse(expectStatus(done, 0).stdout);
    }
    get user() {
        return { access_key: this.told.access_key_id, secret: this.told.secret_access_key };
    }
    // Requests that botocore has signed, by the user where no other keys are named.
    sign(requests) {
        return this.#ask({ sign: requests.map((one) => ({ ...this.user, ...one })) });
    }
    events(stream) {
        return this.#ask({ events: stream.toString('base64') });
    }
    // A call of STS: its parameters, as botocore sends them.
    call(action, parameters = {}, more = {}) {
        const body = new URLSearchParams({ Action: action, Version: '2011-06-15', ...parameters }).toString();
        const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
        return { url: `${this.told.sts}/`, headers, body, ...more };
    }
    async control(changes) {
        const answer = await fetch(this.told.control, changes ? { method: 'POST', body: JSON.stringify(changes) } : {});
        return answer.json();
    }
    async count(action) {
        return (await this.sandbox.records()).counts[action] ?? 0;
    }
}

// Sends a request as it stands; what an answer says in XML.
export async function send({ method, url, headers, body }) {
    const answer = await fetch(url, { method, headers, body: method === 'GET' ? undefined : body });
    const text = await answer.text();
    const element = (name) => text.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];
    return { status: answer.status, text, headers: answer.headers, element, code: element('Code') };
}

export function credentialsIn(answer) {
    return {
        access_key: answer.element('AccessKeyId'),
        secret: answer.element('SecretAccessKey'),
        token: answer.element('SessionToken'),
        until: Date.parse(answer.element('Expiration')),
    };
}
