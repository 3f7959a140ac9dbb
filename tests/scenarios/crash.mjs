// The renewing process is killed at every call by which a renewal touches what outlives it; the next process carries
// on, or says why it cannot. What the server saw is the judge.
//
//   node tests/scenarios/crash.mjs          sealed files, with leeway and without
//   node tests/scenarios/crash.mjs --all    the keychain as well
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Keyring } from '../support/keyring.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

const lifetime = 600;

// A session on a machine whose clock is put on past the end of its token before each renewal.
class Life {
    static async begin(t, store, leeway) {
        const stage = Stage.open(t, { store: store === 'sealed' ? 'sealed' : 'unset', variables: { HEARTH_NO_AGENT: '1' } });
        const keyring = store === 'keychain' ? await Keyring.start(stage) : undefined;
        const sandbox = await Sandbox.start(stage, [
            '--auto-approve', '--access-ttl', String(lifetime), '--refresh-leeway', String(leeway),
        ]);
        await sandbox.signedIn();
        return Object.assign(new Life(), { stage, keyring, sandbox, leeway, renewals: 0, trace: join(stage.root, 'trace') });
    }

    expire() {
        this.renewals += 1;
    }
    get later() {
        return { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(this.renewals * (lifetime + 1)) };
    }
    token(env = {}) {
        return this.stage.hearth(['token', 'demo'], { env: { ...this.later, ...env } });
    }
    // The same in a process whose calls are counted; `point` ends it.
    async counted(point) {
        rmSync(this.trace, { force: true });
        const env = { LD_PRELOAD: `${process.env.CALL_POINTS} ${process.env.SHIM}`, POINTS_TRACE: this.trace };
        const result = await this.token(point ? { ...env, POINTS_KILL: point } : env);
        const calls = existsSync(this.trace) ? readFileSync(this.trace, 'utf8').trimEnd().split('\n') : [];
        return { ...result, calls };
    }
    // What rests in the store, as it is.
    stored() {
        return this.keyring ? this.keyring.items() : readFileSync(join(this.stage.home, 'state', 'sealed', 'demo.sealed'), 'latin1');
    }
    async accepts(token) {
        const answer = await fetch(this.sandbox.told.userinfo, { headers: { authorization: `Bearer ${token}` } });
        return answer.status === 200;
    }
}

// Each call, those that write or send also in the middle, and those after which nothing else may come for a while. Not
// the log and the audit log, which are written when all is done.
function points(calls) {
    return calls.filter((call) => !/^write state /.test(call)).flatMap((call) => [
        call,
        ...(/^(write|send)/.test(call) ? [`torn ${call}`] : []),
        ...(/^(send|connect|rename|flock)/.test(call) ? [`after ${call}`] : []),
    ]);
}

async function carriesOn(life, next, seen) {
    const { sandbox } = life;
    expectStatus(next, 0);
    const token = next.stdout.trim();
    assert.ok(await life.accepts(token), 'the server takes what the next process printed');
    assert.equal((await sandbox.liveFamilies()).length, 1, 'the session lives');
    const known = (await sandbox.refreshes()).length;
    assert.equal(expectStatus(await life.token(), 0).stdout.trim(), token, 'and so does the one after it');
    assert.equal((await sandbox.refreshes()).length, known, 'without another renewal');
    assert.ok(seen.every((request) => request.outcome === 'issued'));
}

async function asksForSignIn(life, next, before) {
    const { sandbox, stage } = life;
    expectStatus(next, 3);
    assert.equal(next.stdout, '');
    assert.match(next.stderr, /an earlier renewal was sent whose answer never arrived/, 'it says why');
    assert.match(next.stderr, /hint: .*hearth login demo/);
    assert.equal(await life.stored(), before.stored, 'nothing is erased');
    expectStatus(await life.token(), 3);
    assert.equal((await sandbox.refreshes()).length, before.refreshes + 2, 'the old token was tried once more, and not again');
    await sandbox.signIn('demo');
    assert.ok(await stage.token('demo'), 'a new sign-in mends it');
}

// Kills a renewal at the point, and judges what the next process makes of it; false where the point was not reached.
async function survives(life, point) {
    const { sandbox } = life;
    life.expire();
    const before = { stored: await life.stored(), refreshes: (await sandbox.refreshes()).length };
    const dead = await life.counted(point);
    if (dead.status === 0) return false;
    assert.equal(dead.stdout, '', 'a process that was killed printed no token');

    const saved = (await life.stored()) !== before.stored;
    const sent = dead.calls.some((call) => call.startsWith('send net')) && point !== 'send net 1';
    const next = await life.token();
    const seen = (await sandbox.refreshes()).slice(before.refreshes);
    assert.ok(seen.length === 1 || (seen.length === 2 && sent && !saved), `${seen.length} renewals reached the server`);
    if (seen.length === 2) assert.equal(seen[0].presented, seen[1].presented, 'the same token, once more');
    const forgiven = seen.length === 1 || life.leeway > 0;
    forgiven ? await carriesOn(life, next, seen) : await asksForSignIn(life, next, before);
    return true;
}

async function everyPoint(t, store, leeway) {
    const life = await Life.begin(t, store, leeway);
    life.expire();
    const whole = await life.counted();
    expectStatus(whole, 0);
    for (const call of ['flock locks 1', 'write sessions 1', 'fsync sessions 1', 'rename sessions 1', 'connect net 1', 'send net 1', 'recv net 1'])
        assert.ok(whole.calls.includes(call), `a renewal makes the call ${call}`);
    assert.ok(whole.calls.includes(store === 'sealed' ? 'rename sealed 1' : 'send bus 1'));
    let reached = 0;
    const all = points(whole.calls);
    for (const point of all) {
        await t.test(point, async (one) => {
            if (await survives(life, point)) reached += 1;
            else one.skip('not reached this time');
        });
    }
    t.diagnostic(`${reached} of ${all.length} points`);
    // How the keychain's answers fall into pieces differs from run to run.
    const expected = store === 'sealed' ? all.length : all.length * 0.8;
    assert.ok(reached >= expected, `only ${reached} of ${all.length} points were reached`);
}

const stores = process.argv.includes('--all') ? ['sealed', 'keychain'] : ['sealed'];
for (const store of stores) {
    for (const leeway of [60, 0]) {
        const server = leeway > 0 ? 'a server with leeway' : 'a server that forgives nothing';
        test(`killed at any call of a renewal, with ${store} sessions and ${server}`, (t) => everyPoint(t, store, leeway));
    }
}

test('an agent that is killed in the middle of a renewal is replaced, and its lock is free', async (t) => {
    const { stage, sandbox, later } = await Life.begin(t, 'sealed', 60);
    const env = { ...later, SHIM_CLOCK: String(lifetime + 1), HEARTH_NO_AGENT: '' };
    const killed = await stage.hearth(['token', 'demo'], { env: { ...env, SHIM_KILL: 'after-answer' } });
    assert.notEqual(killed.status, 0);
    // The system may take a moment to close the dead agent's socket, during which somebody can still connect to it.
    await until('a token by the next agent', async () => (await stage.hearth(['token', 'demo'], { env })).status === 0);
    assert.ok(await stage.agentPid());
    assert.equal((await sandbox.liveFamilies()).length, 1);
});
