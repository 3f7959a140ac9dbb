// A server answered 401: whoever says so gets a newer token, and one renewal serves all who saw the same refusal.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

async function signedIn(t, parameters, variables = {}) {
    const stage = Stage.open(t, { variables });
    const sandbox = await Sandbox.start(stage, ['--auto-approve', ...parameters]);
    await sandbox.profile('demo');
    expectStatus(await stage.hearth(['login', 'demo'], { env: { BROWSER: stage.clicker() } }), 0);
    return { stage, sandbox };
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a token that was renewed meanwhile is answered with the newer one, ${how}`, async (t) => {
        const { stage, sandbox } = await signedIn(t, ['--access-ttl', '4'], variables);
        const old = await stage.token('demo');
        const newer = await until('a renewal', async () => {
            const token = await stage.token('demo');
            return token !== old && token;
        });
        const before = (await sandbox.renewals()).length;
        const answer = expectStatus(await stage.hearth(['rejected', 'demo'], { input: `${old}\n` }), 0).stdout.trim();
        assert.notEqual(answer, old);
        // Of so short a life another may have been due by now, but the refusal caused none.
        assert.ok(answer === newer || (await sandbox.renewals()).length > before);
        assert.ok((await sandbox.renewals()).every((request) => request.outcome === 'issued'));
    });

    test(`a token that was refused as soon as it was issued is not renewed again, ${how}`, async (t) => {
        const { stage, sandbox } = await signedIn(t, [], variables);
        const token = await stage.token('demo');
        const refusals = await Promise.all(Array.from({ length: 10 }, () => stage.hearth(['rejected', 'demo'], { input: token })));
        for (const refused of refusals) {
            expectStatus(refused, 1);
            assert.match(refused.stderr, /within a minute of being issued/);
            assert.ok(!refused.stderr.includes(token));
        }
        assert.equal((await sandbox.refreshes()).length, 0);
        assert.equal(await stage.token('demo'), token);
    });
}

test('who was handed a token, and who saw it refused, are events', async (t) => {
    const { stage } = await signedIn(t, []);
    const events = stage.start(programs.hearth, ['events', '--follow']);
    // Nothing tells that it listens but what it hears.
    await until('somebody to be told', async () => (await stage.ok(['token', 'demo']), events.lines.some((line) => line.includes('"handed_out"'))));
    const token = await stage.token('demo');
    expectStatus(await stage.hearth(['rejected', 'demo'], { input: token }), 1);
    const rejected = JSON.parse(await events.line('the rejection', (line) => line.includes('"rejected"')));
    assert.equal(rejected.profile, 'demo');
    const handedOut = JSON.parse(events.lines.find((line) => line.includes('"handed_out"')));
    assert.match(handedOut.text, /^token, to process \d+ \(.*\/hearth\)$/);
    assert.ok(!events.lines.join('\n').includes(token));
});

test('what is no token is refused, and not quoted', async (t) => {
    const { stage } = await signedIn(t, []);
    for (const input of ['', 'two words-s3cret', 's3cret\nline']) {
        const refused = expectStatus(await stage.hearth(['rejected', 'demo'], { input }), 2);
        assert.match(refused.stderr, /hint: hearth rejected demo/);
        assert.ok(!refused.stderr.includes('s3cret'));
    }
});
