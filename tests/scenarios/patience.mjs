// A provider that fails: what works goes on working, the provider is not stormed, and recovery needs nobody.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const lifetime = 600;
// 250 seconds are left: past the moment to renew, above the floor below which a caller waits.
const due = { env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(lifetime - 250) } };
const expired = { env: { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(lifetime + 1), HEARTH_NO_AGENT: '1' } };

async function signedIn(t, leeway = 60) {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, ['--auto-approve', '--access-ttl', String(lifetime), '--refresh-leeway', String(leeway)]);
    await sandbox.signedIn();
    return { stage, sandbox };
}

const failures = {
    'answers 500': 'refresh:status=500',
    'answers 503 without a body': 'refresh:status=503',
    'answers garbage': 'refresh:garbage',
    'answers half a body': 'refresh:truncate',
    'answers with a web page': 'refresh:content-type=text/html',
    'closes the connection': 'refresh:drop-before',
    'closes the connection after the rotation': 'refresh:drop-after@1',
};
for (const [what, fault] of Object.entries(failures)) {
    test(`a server that ${what} takes no working token away, and recovery is automatic`, async (t) => {
        const { stage, sandbox } = await signedIn(t);
        await sandbox.fault(fault);
        const first = await stage.token('demo', due);
        await until('a failed renewal', async () => (await sandbox.refreshes()).length > 0);
        const before = (await sandbox.refreshes()).length;
        for (let call = 0; call < 20; ++call) await stage.token('demo');
        const during = (await sandbox.refreshes()).length - before;
        assert.ok(during <= 3, `${during} requests during 20 calls: callers do not drive the renewals`);

        await sandbox.calm();
        await until('the renewal', async () => (await stage.token('demo')) !== first);
        assert.equal((await stage.profileStatus('demo')).state, 'fresh');
        assert.equal((await sandbox.liveFamilies()).length, 1);
    });
}

test('a caller is answered while the server has not', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.fault('refresh:delay=600000');
    const first = await stage.token('demo', due);
    await until('the renewal to be begun', async () => (await stage.profileStatus('demo')).state === 'renewing');
    assert.equal(await stage.token('demo'), first);
    assert.equal((await stage.profileStatus('demo')).state, 'renewing', 'the answer was not waited for');
});

test('Retry-After is obeyed', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.fault('refresh:status=429,retry-after=3@1');
    const first = await stage.token('demo', due);
    await until('the renewal', async () => (await stage.token('demo')) !== first);
    const [refused, next] = await sandbox.refreshes();
    const waited = next.at_ms - refused.at_ms;
    assert.ok(waited >= 2900, `asked again after ${waited} ms`);
});

test('with an expired token and a failing server the answer is an error, never the expired token', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.fault('refresh:status=503');
    const failed = expectStatus(await stage.hearth(['token', 'demo'], expired), 4);
    assert.equal(failed.stdout, '');
    assert.match(failed.stderr, /503/);
    await sandbox.calm();
    await until('recovery', async () => (await stage.hearth(['token', 'demo'], expired)).status === 0);
});

test('a server that is gone is unreachable, not a reason to sign in', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.server.stop();
    expectStatus(await stage.hearth(['token', 'demo'], expired), 4);
    assert.notEqual((await stage.profileStatus('demo')).state, 'signed_out');
});

test('the backoff is shared: many processes do not ask more than one', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.fault('refresh:status=500');
    const all = await Promise.all(Array.from({ length: 20 }, () => stage.hearth(['token', 'demo'], expired)));
    for (const one of all) expectStatus(one, 4);
    const requests = (await sandbox.refreshes()).length;
    assert.ok(requests <= 8, `${requests} requests of 20 processes`);
});

test('invalid_grant is a sign-out only when nobody renewed meanwhile', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    const other = join(stage.root, 'other');
    cpSync(stage.home, other, { recursive: true });
    const renewed = await stage.token('demo', expired);
    // The other home sends the token that the first one spent; just then the renewed session appears in its store.
    const sealed = join('state', 'sealed', 'demo.sealed');
    await sandbox.fault('refresh:invalid-grant@1');
    const env = {
        ...expired.env,
        HEARTH_HOME: other,
        SHIM_RUN: 'before-connect',
        SHIM_COMMAND: `cp "${join(stage.home, sealed)}" "${join(other, sealed)}"`,
    };
    assert.equal(await stage.token('demo', { env }), renewed);
});

test('invalid_grant that nobody explains asks for a sign-in, keeps the session, and is not sent again', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.revokeFamilies();
    const refused = expectStatus(await stage.hearth(['token', 'demo'], expired), 3);
    assert.match(refused.stderr, /hint: .*hearth login demo/);
    const requests = (await sandbox.refreshes()).length;
    for (let call = 0; call < 3; ++call) expectStatus(await stage.hearth(['token', 'demo'], expired), 3);
    assert.equal((await sandbox.refreshes()).length, requests);
    assert.equal((await stage.profileStatus('demo', expired)).state, 'sign_in_needed');
});

test('a clock that stands elsewhere on the server is measured and shown', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.fault('refresh:skew=3600');
    const first = await stage.token('demo', due);
    await until('the renewal', async () => (await stage.token('demo')) !== first);
    const { skew_seconds: skew } = await stage.profileStatus('demo');
    // The agent's own clock stands ahead too, so that the token is due.
    assert.ok(Math.abs(skew - (3600 - lifetime + 250)) < 60, `skew ${skew}`);
});

test('two profiles that rest on one session are one renewal', async (t) => {
    const { stage, sandbox } = await signedIn(t);
    await sandbox.profile('second', { settings: ['session=demo'] });
    const agent = stage.start(programs.agent, ['--foreground'], { env: { ...expired.env, HEARTH_NO_AGENT: '' } });
    await until('the agent', async () => (await stage.agentPid()) === agent.pid);
    const [first, second] = await Promise.all([stage.token('demo'), stage.token('second')]);
    assert.equal(first, second);
    assert.equal((await sandbox.refreshes()).length, 1);
});
