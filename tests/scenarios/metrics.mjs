// What the agent counts, as a monitoring system reads it.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

// Prometheus' own reader for Python; one JSON object per sample.
const reader = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(json.dumps({"type": family.type, "help": family.documentation, "name": sample.name, "labels": sample.labels, "value": sample.value}))
`;

// The samples of a text, which is held to what a collector takes: each metric announced once, its samples behind that, each
// series once, counters named as such.
async function samplesOf(stage, text) {
    assert.ok(text.endsWith('\n'));
    const announced = [...text.matchAll(/^# HELP (\S+) .+\n# TYPE \1 (counter|gauge)$/gm)].map(([, name]) => name);
    assert.equal(announced.length, text.match(/^#/gm).length / 2, 'comments are pairs of HELP and TYPE');
    assert.equal(new Set(announced).size, announced.length);
    let current;
    for (const line of text.trimEnd().split('\n')) {
        const [, comment] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? [];
        if (comment) current = comment;
        else assert.match(line, new RegExp(`^${current}(\\{[a-z_]+="[A-Za-z0-9._-]*"(,[a-z_]+="[A-Za-z0-9._-]*")*\\})? -?[0-9]+$`));
    }
    const read = expectStatus(await stage.run('python3', ['-c', reader], { input: text }), 0);
    const samples = read.stdout.trim().split('\n').map((line) => JSON.parse(line));
    for (const { name, type, help } of samples) {
        assert.equal(name.endsWith('_total'), type === 'counter', name);
        assert.match(name, /^hearth_[a-z_]+$/);
        assert.notEqual(help, '');
    }
    const series = samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()]));
    assert.equal(new Set(series).size, series.length, 'a series is there twice');
    assert.equal(samples.length, text.trimEnd().split('\n').filter((line) => !line.startsWith('#')).length);
    return samples;
}

const printed = (stage) => stage.ok(['agent', 'metrics']);
// The value of the series with these labels; absent when there is none.
async function value(stage, name, labels = {}) {
    const text = await printed(stage);
    const wanted = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    const line = text.split('\n').find((one) => one.startsWith(name) && /^[{ ]/.test(one.slice(name.length)) && wanted.every((label) => one.includes(label)));
    return line && Number(line.split(' ').at(-1));
}
const demo = { profile: 'demo' };

async function signedIn(t, parameters = [], settings = '') {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', ...parameters]);
    await sandbox.profile('demo');
    if (settings) appendFileSync(join(stage.home, 'config.toml'), settings);
    await sandbox.signIn('demo');
    return { stage, sandbox };
}

test('a renewal raises its counter, and so does one that fails', async (t) => {
    const { stage, sandbox } = await signedIn(t, ['--access-ttl', '4']);
    const renewals = (outcome) => value(stage, 'hearth_renewals_total', { ...demo, outcome });
    assert.equal(await renewals('failed'), 0);
    const before = await value(stage, 'hearth_token_expiry_timestamp_seconds', demo);
    await until('a renewal', async () => (await renewals('renewed')) >= 1);
    assert.ok((await value(stage, 'hearth_token_expiry_timestamp_seconds', demo)) > before);
    await sandbox.fault('refresh:status=503');
    await until('a renewal that fails', async () => (await renewals('failed')) >= 1);
    await sandbox.calm();
    await until('the agent to have counted what the server has issued', async () => (await renewals('renewed')) === (await sandbox.renewals()).length);
    assert.equal(await value(stage, 'hearth_events_total', { ...demo, event: 'signed_in' }), 1);
    await sandbox.revokeFamilies();
    await until('the end of the sign-in', async () => (await renewals('sign_in_needed')) === 1);
    assert.equal(await value(stage, 'hearth_profile_state', { ...demo, state: 'sign_in_needed' }), 1);
});

test('every hand-out is counted, the warm ones too, and every rejection', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    const handedOut = () => value(stage, 'hearth_handed_out_total', demo);
    assert.equal(await handedOut(), 0);
    await stage.token('demo');
    await stage.ok(['headers', 'demo', '--url', `${sandbox.origin}/userinfo`]);
    assert.equal(await handedOut(), 2);

    const many = 500;
    const socket = createConnection(join(stage.home, 'run', 'agent.sock'));
    const answers = createInterface({ input: socket });
    let answered = 0;
    answers.on('line', (line) => (answered += line.startsWith('{"ok":{"token"') ? 1 : 0));
    socket.write('{"op":"token","profile":"demo"}\n'.repeat(many));
    await until('the answers', () => answered === many);
    socket.end();
    assert.equal(await handedOut(), 2 + many);

    expectStatus(await stage.hearth(['rejected', 'demo'], { input: 'not-the-token-that-is-there' }), 0);
    expectStatus(await stage.hearth(['rejected', 'nobody'], { input: 'some-token' }), 2);
    assert.equal(await value(stage, 'hearth_rejected_total', demo), 1);
    assert.equal(await handedOut(), 3 + many);
});

test("the text is one that Prometheus' own reader takes, and names neither accounts nor secrets", async (t) => {
    const { stage } = await signedIn(t, [], '\n[sinks.file]\nprofile = "demo"\nkind = "token"\npath = "/dev/null/token"\n');
    const { account } = await stage.profileStatus('demo');
    const token = await stage.token('demo');
    await stage.ok(['profile', 'add', '0.An_odd-name', '--provider', 'claude']);
    expectStatus(await stage.hearth(['profile', 'add', 'a"}\nhearth_sessions 7', '--provider', 'claude']), 2);
    await until('the sink to fail', async () => (await value(stage, 'hearth_sink_changes_total', { ...demo, outcome: 'failed' })) >= 1);
    const text = await printed(stage);
    const samples = await samplesOf(stage, text);
    for (const hidden of [account, token, '/dev/null']) assert.ok(!text.includes(hidden), hidden);
    assert.deepEqual(new Set(samples.flatMap(({ labels }) => Object.keys(labels))), new Set(['version', 'profile', 'name', 'provider', 'state', 'outcome', 'event']));

    const one = (name, labels = {}) => samples.find((sample) => sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text)).value;
    assert.equal(one('hearth_sessions'), 1);
    assert.ok(one('hearth_connections') >= 1);
    assert.ok(Math.abs(one('hearth_agent_start_time_seconds') - Date.now() / 1000) < 600);
    assert.equal(one('hearth_profile_info', { profile: '0.An_odd-name', provider: 'claude' }), 1);
    for (const profile of ['demo', '0.An_odd-name']) {
        const states = samples.filter(({ name, labels }) => name === 'hearth_profile_state' && labels.profile === profile);
        assert.equal(states.reduce((sum, state) => sum + state.value, 0), 1, 'a profile is in one state');
        assert.equal(states.length, 8);
    }
});

test('what ends leaves the numbers: a session its expiry, a profile all it had', async (t) => {
    const { stage } = await signedIn(t);
    assert.ok((await value(stage, 'hearth_token_expiry_timestamp_seconds', demo)) > Date.now() / 1000);
    await stage.ok(['logout', 'demo']);
    await until('the sign-out to be told', async () => (await value(stage, 'hearth_profile_state', { ...demo, state: 'signed_out' })) === 1);
    assert.equal(await value(stage, 'hearth_token_expiry_timestamp_seconds', demo), undefined);
    assert.equal(await value(stage, 'hearth_sign_ins_total', { ...demo, outcome: 'signed_in' }), 1);
    assert.equal(await value(stage, 'hearth_sessions'), 0);
    await stage.ok(['profile', 'remove', 'demo']);
    assert.ok(!(await printed(stage)).includes('demo'));
});

test('where no agent runs there are no numbers, and none is started', async (t) => {
    const stage = Stage.open(t);
    const none = expectStatus(await stage.hearth(['agent', 'metrics']), 1);
    assert.deepEqual([none.stdout, none.stderr], ['', (await stage.hearth(['agent', 'status'])).stderr]);
    assert.match(none.stderr, /no agent is running/);
    assert.equal(await stage.agentPid(), undefined);
    expectStatus(await stage.hearth(['agent', 'metrics'], { env: { HEARTH_NO_AGENT: '1' } }), 2);
});
