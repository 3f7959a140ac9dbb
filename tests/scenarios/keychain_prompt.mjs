// The keychain's own question: gnome-keyring's prompt on a desktop, answered by a person.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Desktop } from '../support/desktop.mjs';
import { Keyring } from '../support/keyring.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs } from '../support/stage.mjs';

const question = 'Unlock';

async function lockedKeychain(t) {
    const stage = Stage.open(t, { store: 'unset' });
    const desktop = await Desktop.start(stage);
    const keyring = await Keyring.start(stage, { display: desktop.display });
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile();
    await keyring.lock();
    return { stage, desktop, keyring, sandbox };
}

test('a sign-in goes on when the keychain is unlocked at its question', async (t) => {
    const { stage, desktop } = await lockedKeychain(t);
    const login = stage.start(programs.hearth, ['login', 'demo'], { env: { BROWSER: stage.clicker() } });
    await desktop.answer(question, 'correct horse', 'Return');
    assert.equal((await login.ended).status, 0, login.stderr);
    assert.match(login.stderr, /The keychain is locked; its question is on the desktop/);
    assert.match(login.stderr, /Signed in to demo/);
    assert.ok(await stage.token('demo', { env: { HEARTH_NO_AGENT: '1' } }));
});

test('a sign-in ends when the question is dismissed, and the next can be answered', async (t) => {
    const { stage, desktop } = await lockedKeychain(t);
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'demo'], { env: browser.env });
    await desktop.answer(question, '', 'Escape');
    assert.equal((await login.ended).status, 5, login.stderr);
    assert.match(login.stderr, /the keychain stays locked: its question was dismissed/);
    assert.match(login.stderr, /hint: hearth agent unlock/);
    assert.equal(browser.opened(), false);

    // Nobody is known to be there without a terminal: no question is shown.
    expectStatus(await stage.hearth(['agent', 'unlock']), 5);
    const unlock = stage.terminal([programs.hearth, 'agent', 'unlock']);
    await desktop.answer(question, 'correct horse', 'Return');
    assert.equal((await unlock.ended).status, 0, unlock.shown);
    const again = await stage.hearth(['login', 'demo'], { env: { BROWSER: stage.clicker() } });
    expectStatus(again, 0);
});
