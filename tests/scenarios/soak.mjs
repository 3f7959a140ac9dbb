// One agent under load in real time; not part of ./test.
//
//   node tests/scenarios/soak.mjs [--minutes 10]
//
// Tokens that live twelve seconds, so that each session is renewed ten times a minute; clients that keep a connection,
// clients that come and go, silent ones, and ones that leave in the middle of a request. The middle is compared with
// the end.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, programs, until } from '../support/stage.mjs';

const at = process.argv.indexOf('--minutes');
const minutes = at > 0 ? Number(process.argv[at + 1]) : 10;
const lifetime = 12;
const profiles = Array.from({ length: 20 }, (_, i) => `p${i}`);
const kept = 40;

const pick = (list) => list[Math.floor(Math.random() * list.length)];
const request = (profile) => `{"op":"token","profile":"${profile}"}\n`;

function weigh(pid) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
    return { descriptors: readdirSync(`/proc/${pid}/fd`).length, threads: number('Threads'), anonymous_kib: number('RssAnon') };
}

class Clients {
    constructor(socket) {
        this.socket = socket;
        this.answers = 0;
        this.problems = [];
        this.running = true;
    }
    judge(line) {
        const answer = JSON.parse(line);
        this.answers += 1;
        // Whole seconds, rounded down.
        if (!answer.ok) this.problems.push(line);
        else if (Date.parse(answer.ok.expires_at) + 1000 < Date.now()) this.problems.push(`expired: ${answer.ok.expires_at}`);
    }
    open() {
        const client = connect(this.socket);
        client.on('error', (error) => this.problems.push(error.message));
        return client;
    }
    async ask(client, lines, profile) {
        client.write(request(profile));
        const { value, done } = await lines.next();
        if (done) this.problems.push('the agent closed the connection');
        else this.judge(value);
    }
    async stay() {
        const client = this.open();
        const lines = createInterface({ input: client })[Symbol.asyncIterator]();
        while (this.running) {
            await this.ask(client, lines, pick(profiles));
            await new Promise((resume) => setTimeout(resume, Math.random() * 50));
        }
        client.destroy();
    }
    async comeAndGo() {
        while (this.running) {
            const client = this.open();
            await this.ask(client, createInterface({ input: client })[Symbol.asyncIterator](), pick(profiles));
            client.destroy();
            const rude = this.open();
            rude.write(pick(['{"op":', request(pick(profiles)), '{"op":"doctor"}\n', '{"op":"events"}\n', '']), () => rude.destroy());
            await new Promise((resume) => setTimeout(resume, Math.random() * 20));
        }
    }
    async run() {
        await Promise.all([...Array.from({ length: kept }, () => this.stay()), ...Array.from({ length: 10 }, () => this.comeAndGo())]);
    }
}

test(`an agent that serves for ${minutes} minutes leaks nothing and hands out no expired token`, async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime), '--refresh-leeway', '0']);
    for (const profile of profiles) await sandbox.signedIn({ name: profile });
    stage.start(programs.agent, ['--foreground']);
    const pid = await until('the agent', () => stage.agentPid());
    const clients = new Clients(join(stage.home, 'run', 'agent.sock'));
    const working = clients.run();

    // Each weight is the median of a quarter of a minute.
    const weight = async () => {
        const samples = [];
        for (let i = 0; i < 15; ++i) {
            samples.push(weigh(pid));
            await new Promise((resume) => setTimeout(resume, 1000));
        }
        const median = (name) => samples.map((one) => one[name]).sort((a, b) => a - b)[7];
        return { descriptors: median('descriptors'), threads: median('threads'), anonymous_kib: median('anonymous_kib') };
    };
    const half = Math.max(0, minutes * 30 - 15) * 1000;
    await new Promise((resume) => setTimeout(resume, half));
    const middle = await weight();
    await new Promise((resume) => setTimeout(resume, half));
    const end = await weight();
    clients.running = false;
    await working;

    const renewals = await sandbox.renewals();
    t.diagnostic(JSON.stringify({ answers: clients.answers, renewals: renewals.length, middle, end }));
    assert.deepEqual(clients.problems.slice(0, 5), []);
    assert.equal((await sandbox.refreshes()).length, renewals.length, 'each renewal was taken');
    assert.equal((await sandbox.liveFamilies()).length, profiles.length);
    assert.ok(renewals.length > profiles.length * minutes * 4, `${renewals.length} renewals`);
    assert.ok(end.descriptors <= middle.descriptors + 5, 'descriptors');
    assert.ok(end.threads <= middle.threads, 'threads');
    assert.ok(end.anonymous_kib <= middle.anonymous_kib * 1.05 + 256, 'memory');
});
