// The renewing process is killed at every step of a renewal; the next process carries on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, until } from '../support/stage.mjs';

const lifetime = 600;
const expired = { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(lifetime + 1) };

async function signedInStage(t, leeway) {
    const stage = Stage.open(t, { variables: { HEARTH_NO_AGENT: '1' } });
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime), '--refresh-leeway', String(leeway)]);
    await sandbox.signedIn();
    return { stage, sandbox, sealed: join(stage.home, 'state', 'sealed', 'demo.sealed') };
}

// A renewal whose process dies at `step`. The command fails; what the dead process held is free at once.
async function dieAt(stage, step) {
    const result = await stage.hearth(['token', 'demo'], { env: { ...expired, SHIM_KILL: step } });
    assert.notEqual(result.status, 0, `${step} was not reached: ${result.stdout ? 'a token was printed' : result.stderr}`);
    assert.equal(result.stdout, '');
}

async function carriesOn(stage, sandbox, renewals) {
    const next = await stage.token('demo', { env: expired });
    const answer = await fetch(sandbox.told.userinfo, { headers: { authorization: `Bearer ${next}` } });
    assert.equal(answer.status, 200, 'the server takes what the next process printed');
    assert.equal((await sandbox.liveFamilies()).length, 1, 'the family lives');
    assert.equal((await sandbox.renewals()).length, renewals);
}

// Before anything left the machine, and after everything was saved, there is nothing to forgive.
const harmless = {
    'before the lock': ['before-lock:locks/', 1],
    'after the lock': ['after-lock:locks/', 1],
    'before the intent is written': ['before-rename:sessions/', 1],
    'after the intent is written': ['after-rename:sessions/', 1],
    'before the connection': ['before-connect', 1],
    'after the save': ['after-rename:.sealed', 1],
};
for (const [when, [step, renewals]] of Object.entries(harmless)) {
    test(`killed ${when}: the next process carries on, also where the server forgives nothing`, async (t) => {
        const { stage, sandbox } = await signedInStage(t, 0);
        await dieAt(stage, step);
        await carriesOn(stage, sandbox, renewals);
    });
}

// In between the old token may be spent: it is tried once more.
const delicate = {
    'after the request left': 'after-send',
    'after the answer came': 'after-answer',
    'before the save': 'before-rename:.sealed',
};
for (const [when, step] of Object.entries(delicate)) {
    test(`killed ${when}: the old token is tried once more, and a server with leeway forgives`, async (t) => {
        const { stage, sandbox } = await signedInStage(t, 60);
        await dieAt(stage, step);
        await until('the server to have seen the request', async () => (await sandbox.refreshes()).length === 1);
        await carriesOn(stage, sandbox, 2);
        await carriesOn(stage, sandbox, 2);
    });

    test(`killed ${when}, and the server forgives nothing: a new sign-in is asked for, and nothing is erased`, async (t) => {
        const { stage, sandbox, sealed } = await signedInStage(t, 0);
        const before = readFileSync(sealed);
        await dieAt(stage, step);
        await until('the server to have seen the request', async () => (await sandbox.refreshes()).length === 1);

        const next = expectStatus(await stage.hearth(['token', 'demo'], { env: expired }), 3);
        assert.equal(next.stdout, '');
        assert.match(next.stderr, /answer|interrupted|lost|saved/i, 'it says why');
        assert.match(next.stderr, /hint: .*hearth login demo/);
        assert.equal((await sandbox.refreshes()).length, 2, 'the old token was tried once, and not again');
        assert.deepEqual(readFileSync(sealed), before, 'the session is still there');
        expectStatus(await stage.hearth(['token', 'demo'], { env: expired }), 3);
        assert.equal((await sandbox.refreshes()).length, 2);

        await sandbox.signIn('demo');
        assert.ok(await stage.token('demo'), 'a new sign-in mends it');
    });
}

test('an agent that is killed in the middle of a renewal is replaced, and its lock is free', async (t) => {
    const { stage, sandbox } = await signedInStage(t, 60);
    const env = { ...expired, HEARTH_NO_AGENT: '' };
    const killed = await stage.hearth(['token', 'demo'], { env: { ...env, SHIM_KILL: 'after-answer' } });
    assert.notEqual(killed.status, 0);
    // The system may take a moment to close the dead agent's socket, during which somebody can still connect to it.
    await until('a token by the next agent', async () => (await stage.hearth(['token', 'demo'], { env })).status === 0);
    assert.ok(await stage.agentPid());
    assert.equal((await sandbox.liveFamilies()).length, 1);
});
