// Many processes on one expired session, against a server that rotates without leeway and revokes the family on reuse:
// one of them renews, all of them get what it got.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const processes = 50;
const lifetime = 600;
const rounds = Number(process.env.HEARTH_RACE_ROUNDS ?? 2);

// Clocks that stand past the expiry of whatever the rounds before this one have got.
const later = (round) => ({ LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String((round + 1) * (lifetime + 1)) });

async function race(stage, env) {
    const all = await Promise.all(Array.from({ length: processes }, () => stage.hearth(['token', 'demo'], { env, limit: 120_000 })));
    for (const one of all) expectStatus(one, 0);
    const tokens = new Set(all.map((one) => one.stdout));
    assert.equal(tokens.size, 1, 'all print the same token');
    return [...tokens][0].trim();
}

async function judge(sandbox, token, before, round) {
    const renewals = await sandbox.refreshes();
    assert.equal(renewals.length, before + 1, `round ${round}: exactly one request for a renewal`);
    const answer = await fetch(sandbox.told.userinfo, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200, `round ${round}: the server takes the token`);
    assert.equal((await sandbox.liveFamilies()).length, 1, `round ${round}: the session lives on`);
}

const strict = ['--auto-approve', '--access-ttl', String(lifetime), '--refresh-leeway', '0'];

test(`${processes} processes without an agent renew once, ${rounds} times over`, async (t) => {
    const stage = Stage.open(t, { variables: { HEARTH_NO_AGENT: '1' } });
    const sandbox = await Sandbox.start(stage, strict);
    await sandbox.signedIn();
    for (let round = 0; round < rounds; ++round) {
        const token = await race(stage, later(round));
        await judge(sandbox, token, round, round);
    }
    t.diagnostic(`${rounds} rounds, ${rounds * processes} processes, ${(await sandbox.refreshes()).length} renewals`);
});

test(`${processes} processes that find no agent start one, which renews once, ${rounds} times over`, async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, strict);
    await sandbox.signedIn();
    for (let round = 0; round < rounds; ++round) {
        await stage.stopAgent();
        const token = await race(stage, later(round));
        await judge(sandbox, token, round, round);
        assert.ok(await stage.agentPid(), 'one agent runs');
    }
    t.diagnostic(`${rounds} rounds, ${rounds * processes} processes, ${(await sandbox.refreshes()).length} renewals`);
});

test('processes with and without an agent share one renewal', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, strict);
    await sandbox.signedIn();
    const env = later(0);
    const all = await Promise.all(
        Array.from({ length: 20 }, (unused, index) =>
            stage.hearth(['token', 'demo'], { env: index % 2 ? env : { ...env, HEARTH_NO_AGENT: '1' } }),
        ),
    );
    const tokens = new Set(all.map((one) => expectStatus(one, 0).stdout));
    assert.equal(tokens.size, 1);
    await judge(sandbox, [...tokens][0].trim(), 0, 0);
});

test('two agents of one home do not run: the second lets the first serve', async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, strict);
    await sandbox.signedIn();
    const agents = Array.from({ length: 10 }, () => stage.start(programs.agent, ['--foreground']));
    const pid = await until('one agent to hold the lock', () => stage.agentPid());
    const ended = await Promise.all(agents.filter((one) => one.pid !== pid).map((one) => one.ended));
    assert.deepEqual(ended.map((one) => one.status), Array(9).fill(0), 'the others end well');
    await stage.token('demo');
    assert.equal(await stage.agentPid(), pid);
});
