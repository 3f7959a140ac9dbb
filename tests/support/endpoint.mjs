// What a program in `hearth exec` sees of its endpoint, and what it can ask there.
import { request } from 'node:http';
import { connect } from 'node:net';

import { programs } from './stage.mjs';

// A role of the sandbox, taken with the key of AWS's own configuration: needs no person.
export async function roleProfile(aws, name = 'work', role = 'reader') {
    const settings = { role_arn: aws.told.roles[role], source_profile: 'user', region: aws.told.region, endpoint_url: aws.told.sts };
    const words = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    await aws.stage.ok(['profile', 'add', name, '--provider', 'aws', ...words], { env: { HEARTH_NO_AGENT: '1' } });
    return name;
}

// A command in `hearth exec` that prints its environment on one line and goes on until it is told to end.
export async function insideExec(stage, profiles, options = {}) {
    const script = "console.log(JSON.stringify({pid:process.pid,env:process.env}));process.stdin.resume();process.stdin.on('end',()=>process.exit())";
    const running = stage.start(programs.hearth, ['exec', ...profiles, '--', process.execPath, '-e', script], { stdin: 'pipe', ...options });
    // While it runs it starts an agent wherever one ends.
    const close = stage.close.bind(stage);
    stage.close = async () => {
        running.child.stdin.end();
        await running.ended;
        await close();
    };
    const told = JSON.parse(await running.line('its environment'));
    const url = new URL(told.env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? 'http://none');
    return { running, ...told, url, token: told.env.AWS_CONTAINER_AUTHORIZATION_TOKEN };
}

// One request, with headers as they are given: null leaves one out.
export function ask(url, { token, method = 'GET', path, headers = {}, host } = {}) {
    const to = new URL(url);
    return new Promise((resolve, reject) => {
        const all = { Host: host ?? to.host, Authorization: token, Accept: 'application/json', ...headers };
        const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
        const asked = request({ host: to.hostname, port: to.port, path: path ?? to.pathname, method, headers: given, setHost: false, agent: false });
        asked.on('error', reject);
        asked.on('response', (answer) => {
            let text = '';
            answer.on('data', (piece) => (text += piece));
            answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, body: text ? JSON.parse(text) : undefined }));
        });
        asked.end();
    });
}

// Whether anybody listens there.
export function listens(url) {
    return new Promise((resolve) => {
        const socket = connect({ host: url.hostname, port: Number(url.port) });
        socket.once('connect', () => resolve(true) || socket.destroy()).once('error', () => resolve(false));
    });
}
