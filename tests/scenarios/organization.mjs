// A profile that requires an organisation hands out nothing of another one, and loses nothing either.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

async function prepared(t, { requires, settings = [], variables = {}, sandbox: parameters } = {}) {
    const stage = Stage.open(t, { variables });
    const sandbox = await Sandbox.start(stage, parameters);
    await sandbox.profile('claude', { provider: 'claude', settings: [`require_organization=${requires}`, ...settings] });
    return { stage, sandbox };
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a sign-in of another organisation is refused by name, and not stored, ${how}`, async (t) => {
        const { stage, sandbox } = await prepared(t, { requires: 'o-wanted', variables });
        const refused = expectStatus(await stage.hearth(['login', 'claude'], { env: { BROWSER: stage.clicker() } }), 6);
        assert.match(refused.stderr, /'claude' requires the organisation o-wanted, and this session is of Sandbox Organization \([0-9a-f-]{36}\)/);
        assert.match(refused.stderr, /hint: hearth login claude --switch/);
        assert.equal((await stage.profileStatus('claude')).state, 'signed_out');
        // The right one: the page is told which, and the check agrees.
        await stage.ok(['config', 'set', 'profiles.claude.organization', 'o-wanted']);
        await sandbox.signIn('claude');
        assert.match(await stage.token('claude'), /^sk-ant-oat01-/);
    });

    test(`a session that a renewal moved elsewhere is kept, and not handed out, ${how}`, async (t) => {
        const settings = ['organization=o-1'];
        const { stage, sandbox } = await prepared(t, { requires: 'o-1 o-2', settings, variables });
        await sandbox.signIn('claude');
        await stage.ok(['token', 'claude']);
        await sandbox.moveFamilies('o-9');
        const first = await stage.token('claude');
        const rejected = await stage.hearth(['rejected', 'claude'], { input: first });
        // A token so young is not renewed for a rejection; the agent is made to by asking for more life than is left.
        assert.equal(rejected.status, 1, rejected.stderr);
        const whole = await stage.hearth(['token', 'claude', '--min-ttl', '1h']);
        expectStatus(whole, 6);
        assert.match(whole.stderr, /requires the organisation o-1 or o-2, and this session is of Organization o-9 \(o-9\)/);
        assert.equal(whole.stdout, '');

        const { state, last_error: why, renewals } = await stage.profileStatus('claude');
        assert.equal(state, 'refused');
        assert.match(why, /Organization o-9/);
        assert.equal(renewals, 2);
        assert.match(await stage.ok(['status']), /claude +claude +refused/);
        const { steps } = await stage.json(['explain', 'claude']);
        assert.deepEqual(steps.filter((step) => step.used), []);
        assert.match(steps.at(-1).why, /Organization o-9/);
        const headers = await stage.hearth(['headers', 'claude', '--url', `${sandbox.origin}/v1/models`]);
        assert.equal(headers.status, 6, headers.stderr);
        for (const one of await sandbox.liveFamilies()) assert.ok(!headers.stdout.includes(one.access_token));

        // The rotated token is there all the same: with another rule the session goes on.
        await stage.ok(['config', 'set', 'profiles.claude.require_organization', 'o-9']);
        const [family] = await sandbox.liveFamilies();
        assert.equal(await stage.token('claude'), family.access_token);
    });
}

test('a keeper that renews into another organisation says so in its events', async (t) => {
    const { stage, sandbox } = await prepared(t, { requires: 'o-1', settings: ['organization=o-1'], sandbox: ['--auto-approve', '--access-ttl', '8'] });
    await sandbox.signIn('claude');
    const events = stage.start(programs.hearth, ['events', '--follow']);
    await until('the events to be followed', async () => (await stage.json(['agent', 'status'])).connections > 1);
    await sandbox.moveFamilies('o-9');
    const refused = await events.line('the refusal', (line) => line.includes('"refused"'));
    assert.match(refused, /Organization o-9/);
});

test('what a process was given is of no known organisation', async (t) => {
    const { stage } = await prepared(t, { requires: 'o-1' });
    const env = { ANTHROPIC_API_KEY: 'sk-ant-api03-given' };
    for (const words of [['token', 'claude'], ['headers', 'claude', '--url', 'https://api.anthropic.com/']]) {
        const refused = expectStatus(await stage.hearth(words, { env }), 6);
        assert.match(refused.stderr, /nothing says which one the credential of ANTHROPIC_API_KEY is of/);
        assert.match(refused.stderr, /hint: leave ANTHROPIC_API_KEY out/);
        assert.equal(refused.stdout, '');
    }
    const { steps } = await stage.json(['explain', 'claude'], { env });
    assert.match(steps.find((step) => step.source === 'ANTHROPIC_API_KEY').why, /refused, because/);
    const key = expectStatus(await stage.hearth(['login', 'claude', '--with-token'], { input: 'sk-ant-api03-stored' }), 6);
    assert.match(key.stderr, /nothing says which one this credential is of/);
    await stage.ok(['config', 'set', 'profiles.claude.api_key_helper', 'echo sk-ant-api03-helped']);
    assert.match(expectStatus(await stage.hearth(['token', 'claude']), 6).stderr, /api_key_helper/);
});

test('only a provider that names organisations can be asked for one', async (t) => {
    const stage = Stage.open(t);
    const words = ['profile', 'add', 'work', '--provider', 'oidc', '--issuer', 'http://127.0.0.1:1', '--set', 'require_organization=o-1'];
    assert.match(expectStatus(await stage.hearth(words), 2).stderr, /require_organization/);
});
