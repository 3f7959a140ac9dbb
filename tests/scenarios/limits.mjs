// A machine that has run out of something: the agent lives, serves what it holds, says what is wrong, and goes on by
// itself when there is room again.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const lifetime = 600;
const agentless = { HEARTH_NO_AGENT: '1' };

// A session whose token is due to be renewed (or expired) for the agent that is started by `start`.
async function signedIn(t, { age = 350 } = {}) {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime)]);
    await sandbox.signedIn();
    const flag = join(stage.root, 'flag');
    return {
        stage,
        sandbox,
        flag,
        env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(age) },
        sealed: () => readFileSync(join(stage.home, 'state', 'sealed', 'demo.sealed')),
        raise: () => writeFileSync(flag, ''),
        lower: () => rmSync(flag),
        async start(env) {
            stage.start(programs.agent, ['--foreground'], { env });
            await until('the agent', () => stage.agentPid());
        },
    };
}

async function doctorSays(stage, pattern) {
    const report = await stage.hearth(['doctor', '--json']);
    const failed = JSON.parse(report.stdout).checks.filter((check) => check.state === 'fail');
    assert.match(JSON.stringify(failed), pattern);
}

const shortages = [
    ['a full disk', 'SHIM_FULL', /No space left on device/],
    ['a read-only home', 'SHIM_READ_ONLY', /Read-only file system/],
];
// It begins when the renewal is about to take its lock.
function shortage(variable, flag) {
    return { [variable]: flag, SHIM_RUN: 'before-lock:locks/', SHIM_COMMAND: `touch ${flag}` };
}

// They wait more than they work.
describe('a shortage', { concurrency: 4 }, () => {
    for (const [what, variable, reason] of shortages) {
        test(`with ${what} a token that is good is served, nothing is sent, and status and doctor say why`, async (t) => {
            const { stage, sandbox, flag, env, lower, start } = await signedIn(t);
            await start({ ...env, ...shortage(variable, flag) });
            assert.ok(await stage.token('demo'));
            const status = await until('the failed renewal', async () => {
                const now = await stage.profileStatus('demo');
                return now.last_error ? now : undefined;
            });
            assert.match(status.last_error, reason);
            assert.ok(await stage.token('demo'), 'it is served all the same');
            assert.equal((await sandbox.refreshes()).length, 0, 'without a durable intent no refresh token is sent');
            await doctorSays(stage, reason);

            lower();
            await until('the renewal', async () => (await sandbox.renewals()).length === 1);
            await until('the error to be gone', async () => !(await stage.profileStatus('demo')).last_error);
        });

        test(`with ${what} an expired token is not served, and the error names the reason`, async (t) => {
            const { stage, flag, env, lower, start } = await signedIn(t, { age: lifetime + 1 });
            await start({ ...env, ...shortage(variable, flag) });
            const refused = await stage.hearth(['token', 'demo']);
            assert.notEqual(refused.status, 0);
            assert.equal(refused.stdout, '');
            assert.match(refused.stderr, reason);
            lower();
            await until('a token', async () => (await stage.hearth(['token', 'demo'])).status === 0);
        });
    }
});

test('a disk that is full when the answer comes: the new session is served from memory, and saved when there is room', async (t) => {
    const { stage, sandbox, flag, env, sealed, lower, start } = await signedIn(t, { age: lifetime + 1 });
    const before = sealed();
    await start({ ...env, SHIM_FULL: flag, SHIM_RUN: 'after-send', SHIM_COMMAND: `touch ${flag}` });
    const token = await stage.token('demo');
    assert.deepEqual(sealed(), before);
    assert.match((await stage.profileStatus('demo')).last_error, /No space left on device/);
    lower();
    await until('the save', () => !sealed().equals(before));
    await until('the error to be gone', async () => !(await stage.profileStatus('demo')).last_error);
    assert.equal(await stage.token('demo', { env: { ...env, ...agentless } }), token, 'the next process finds it');
    assert.equal((await sandbox.refreshes()).length, 1);
});

test('in a read-only home a good token needs no write, and an agent that cannot start says why', async (t) => {
    const { stage, flag, raise } = await signedIn(t);
    const env = { LD_PRELOAD: process.env.SHIM, SHIM_READ_ONLY: flag };
    raise();
    assert.ok(await stage.token('demo', { env: { ...env, ...agentless } }));
    const refused = await stage.hearth(['token', 'demo'], { env });
    expectStatus(refused, 1);
    assert.match(refused.stderr, /the agent did not start: .*Read-only file system/);
});

test('a runtime folder that was removed is made anew by the agent that was there', async (t) => {
    const { stage } = await signedIn(t);
    const token = await stage.token('demo');
    const pid = await stage.agentPid();
    rmSync(join(stage.home, 'run'), { maxRetries: 50, retryDelay: 5, recursive: true });
    assert.equal(await stage.token('demo'), token);
    assert.equal(await stage.agentPid(), pid);
});
