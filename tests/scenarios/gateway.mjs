// A program that knows nothing of hearth but a command that prints its key, behind a gateway that takes bearer tokens: it goes on
// across renewals, and after a 401.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import Anthropic from '@anthropic-ai/sdk';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, programs, until } from '../support/stage.mjs';

const program = fileURLToPath(new URL('../support/helper_program.mjs', import.meta.url));
const keyHelper = `'${programs.hearth}' token demo --non-interactive`;
const refusing = `'${programs.hearth}' rejected demo --non-interactive`;

// Hands requests on to the API with the bearer token that they came with, as the API wants them, and remembers how each went.
class Gateway {
    static async start(t, api) {
        const gateway = new Gateway(api);
        gateway.server = createServer((request, response) => gateway.serve(request, response).catch((problem) => response.writeHead(502).end(String(problem.cause ?? problem)))).listen(0, '127.0.0.1');
        await once(gateway.server, 'listening');
        t.after(() => gateway.server.closeAllConnections() ?? gateway.server.close());
        gateway.url = `http://127.0.0.1:${gateway.server.address().port}`;
        return gateway;
    }
    constructor(api) {
        this.api = api;
        this.served = [];
        this.refusals = 0; // So many of the next requests are refused, whatever they come with.
    }
    async serve(request, response) {
        const body = [];
        for await (const piece of request) body.push(piece);
        const { authorization = '', 'x-api-key': key } = request.headers;
        const forced = this.refusals > 0;
        this.refusals -= forced ? 1 : 0;
        const answer = forced
            ? new Response('{"type":"error","error":{"type":"authentication_error","message":"not now"}}', { status: 401 })
            : await fetch(this.api + request.url, {
                  method: request.method,
                  headers: { authorization, 'anthropic-version': request.headers['anthropic-version'], 'anthropic-beta': 'oauth-2025-04-20', 'content-type': 'application/json' },
                  body: Buffer.concat(body),
              });
        this.served.push({ status: answer.status, forced, token: authorization, twice: authorization === `Bearer ${key}` });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }
    refused({ forced }) {
        return this.served.filter((one) => one.status === 401 && one.forced === forced).length;
    }
    get tokens() {
        return new Set(this.served.map((one) => one.token)).size;
    }
}

// The program on a stage, asked one thing after another.
class Asking {
    constructor(stage, gateway, { ttl = 3_600_000, rejected = '' } = {}) {
        const variables = { ANTHROPIC_BASE_URL: gateway.url, KEY_HELPER: keyHelper, KEY_HELPER_TTL_MS: String(ttl), REJECTED: rejected };
        this.running = stage.start(process.execPath, [program], { env: variables, stdin: 'pipe' });
        this.asked = 0;
    }
    async ask() {
        const number = ++this.asked;
        this.running.child.stdin.write(`${number}\n`);
        const { request, ...answer } = JSON.parse(await this.running.line(`answer ${number}`, (line) => line.startsWith(`{"request":"${number}",`)));
        return answer;
    }
    // The same where it has to succeed in the end.
    async succeeds(statuses = [200]) {
        const answer = await this.ask();
        assert.deepEqual({ ...answer, runs: 0 }, { statuses, role: 'assistant', runs: 0 });
        return answer;
    }
}

async function signedIn(t, lifetime, { agent = {} } = {}) {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime)]);
    await sandbox.signedIn({ provider: 'claude' });
    if (agent.env) {
        const running = stage.start(programs.agent, ['--foreground'], agent);
        await until('the agent', async () => (await stage.agentPid()) === running.pid);
    }
    return { stage, sandbox };
}
// An agent to whom the token is older than the minute in which a refusal would be taken for another kind of trouble.
const later = { agent: { env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '90' } } };

test('a program that keeps the output for a while meets no 401 across renewals', async (t) => {
    const { stage, sandbox } = await signedIn(t, 8);
    const gateway = await Gateway.start(t, sandbox.told.base_url);
    const asking = new Asking(stage, gateway, { ttl: 300 });
    let runs = 0;
    await until('three renewals', async () => {
        ({ runs } = await asking.succeeds());
        return (await sandbox.renewals()).length >= 3;
    });
    assert.ok(runs < asking.asked, 'the output was kept');
    assert.ok(gateway.served.every((one) => one.twice), 'as a key and as a bearer token');
    assert.equal(gateway.refused({ forced: false }), 0);
    assert.ok(gateway.tokens >= 3, `${gateway.tokens} tokens were used`);
    assert.ok((await sandbox.refreshes()).every((request) => request.outcome === 'issued'));
});

test('a program that keeps the output until a 401 goes on with the next one, each time', async (t) => {
    const { stage, sandbox } = await signedIn(t, 4);
    const gateway = await Gateway.start(t, sandbox.told.base_url);
    const asking = new Asking(stage, gateway);
    const healed = [];
    await until('two tokens to end in its hands', async () => {
        const answer = await asking.ask();
        assert.equal(answer.statuses.at(-1), 200, JSON.stringify(answer));
        if (answer.statuses.length > 1) healed.push(answer);
        return healed.length >= 2;
    });
    assert.equal((await asking.ask()).runs, 1 + gateway.refused({ forced: false }), 'the helper ran for each 401 and at no other time');
    assert.ok((await sandbox.renewals()).length >= 2);
});

test('a 401 that was none of the token\'s doing is over when the helper has run again', async (t) => {
    const { stage, sandbox } = await signedIn(t, 600);
    const gateway = await Gateway.start(t, sandbox.told.base_url);
    const asking = new Asking(stage, gateway);
    await asking.succeeds();
    gateway.refusals = 1;
    assert.equal((await asking.succeeds([401, 200])).runs, 2);
    await asking.succeeds();
    assert.deepEqual([gateway.refused({ forced: true }), gateway.refused({ forced: false })], [1, 0]);
    assert.equal((await sandbox.refreshes()).length, 0, 'nothing was renewed for it');
});

test('a token that the server has ended is renewed once for all who report it, and for those who only run the helper', async (t) => {
    const { stage, sandbox } = await signedIn(t, 600, later);
    const gateway = await Gateway.start(t, sandbox.told.base_url);
    const reporting = Array.from({ length: 3 }, () => new Asking(stage, gateway, { rejected: refusing }));
    const helped = new Asking(stage, gateway);
    for (const asking of [...reporting, helped]) await asking.succeeds();

    await sandbox.expire();
    await Promise.all(reporting.map((asking) => asking.succeeds([401, 200])));
    await helped.succeeds([401, 200]);
    for (const asking of [...reporting, helped]) await asking.succeeds();
    assert.deepEqual((await sandbox.refreshes()).map((request) => request.outcome), ['issued']);
    assert.equal(gateway.refused({ forced: false }), 4, 'each of them met the one 401');
    assert.equal(gateway.tokens, 2);
});

// What a command prints as JSON, as the SDK takes it.
async function forSdk(stage, parameters, options) {
    const { token, expires_at } = JSON.parse(await stage.ok([...parameters, '--json', '--non-interactive'], options));
    return { token, expiresAt: Date.parse(expires_at) / 1000 };
}

// Anthropic's SDK with a function for its credentials: hearth token, and after a 401 hearth rejected.
function sdkClient(stage, sandbox) {
    let last;
    const credentials = async ({ forceRefresh = false } = {}) => {
        const made = forceRefresh ? await forSdk(stage, ['rejected', 'demo'], { input: `${last}\n` }) : await forSdk(stage, ['token', 'demo']);
        last = made.token;
        return made;
    };
    const client = new Anthropic({ baseURL: sandbox.told.base_url, credentials, maxRetries: 1 });
    return () => client.messages.create({ model: 'sandbox-small', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] });
}

test("Anthropic's SDK with a function for its credentials goes on across renewals", async (t) => {
    const { stage, sandbox } = await signedIn(t, 4);
    const ask = sdkClient(stage, sandbox);
    await until('two renewals', async () => {
        assert.equal((await ask()).role, 'assistant');
        return (await sandbox.renewals()).length >= 2;
    });
});

test("Anthropic's SDK with a function for its credentials heals after the server has ended the token", async (t) => {
    const { stage, sandbox } = await signedIn(t, 600, later);
    const ask = sdkClient(stage, sandbox);
    assert.equal((await ask()).role, 'assistant');
    await sandbox.expire();
    assert.equal((await ask()).role, 'assistant');
    assert.deepEqual((await sandbox.refreshes()).map((request) => request.outcome), ['issued']);
});

test("Anthropic's SDK with a function for its key sends the token of the moment", async (t) => {
    const { stage, sandbox } = await signedIn(t, 4);
    const gateway = await Gateway.start(t, sandbox.told.base_url);
    const client = new Anthropic({ baseURL: gateway.url, apiKey: () => stage.token('demo'), maxRetries: 0 });
    await until('two renewals', async () => {
        const { role } = await client.messages.create({ model: 'sandbox-small', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] });
        assert.equal(role, 'assistant');
        return (await sandbox.renewals()).length >= 2;
    });
    assert.equal(gateway.refused({ forced: false }), 0);
});
