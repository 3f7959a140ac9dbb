// A person with a real browser: headless Chromium, clicking through both ways of signing in.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openPage } from '../support/chromium.mjs';
import { IdentityServer } from '../support/identity.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, programs, until } from '../support/stage.mjs';

// oidc-provider's own pages: a name, then consent.
async function signInAs(page, name) {
    for (let step = 0; step < 3 && page.url().includes('/interaction/'); ++step) {
        if (await page.locator('input[name=login]').count()) {
            await page.fill('input[name=login]', name);
            await page.fill('input[name=password]', 'anything');
        }
        const before = page.url();
        await page.locator('button[type=submit]').first().click();
        await page.waitForURL((url) => url.href !== before);
    }
}

const body = async (page) => (await page.locator('body').innerText()).replace(/\s+/g, ' ');

test('clicking through the browser sign-in ends on a page that says it worked', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    const { page } = await openPage(t, stage);
    await stage.ok(['profile', 'add', 'work', '--provider', 'oidc', '--issuer', server.issuer, '--client-id', 'native']);
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'work', '--json'], { env: browser.env });
    await page.goto(await browser.url());
    await signInAs(page, 'alice');
    assert.equal((await login.ended).status, 0, login.stderr);

    await page.waitForLoadState();
    const address = new URL(page.url());
    assert.equal(address.hostname, '127.0.0.1');
    assert.equal(address.search, '', 'neither code nor state stay in the address bar');
    assert.match(await body(page), /signed in/i);
    assert.match(await body(page), /close/i);
    assert.notEqual(await page.title(), '');
});

test('the page tells a second account that it was refused, and with --switch that it is signed in', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    const { page: first } = await openPage(t, stage);
    await stage.ok(['profile', 'add', 'work', '--provider', 'oidc', '--issuer', server.issuer, '--client-id', 'native']);
    // Another account needs a browser that has not signed in yet.
    const signIn = async (name, ...parameters) => {
        const page = await (await first.context().browser().newContext()).newPage();
        const browser = stage.browser();
        const login = stage.start(programs.hearth, ['login', 'work', ...parameters], { env: browser.env });
        await page.goto(await browser.url());
        await signInAs(page, name);
        const { status } = await login.ended;
        await page.waitForLoadState();
        return { status, page: await body(page), stderr: login.stderr };
    };
    assert.equal((await signIn('alice')).status, 0);
    const token = await stage.token('work');

    const refused = await signIn('bob');
    assert.equal(refused.status, 6, refused.stderr);
    assert.match(refused.page, /did not work/);
    assert.match(refused.page, /signed in as .*alice.*, and this sign-in was as .*bob/);
    assert.match(refused.page, /hearth login work --switch/, 'it says what to do');
    assert.doesNotMatch(refused.page, /you are signed in/i);
    assert.equal(await stage.token('work'), token, 'the first account stays');

    const switched = await signIn('bob', '--switch');
    assert.equal(switched.status, 0, switched.stderr);
    assert.match(switched.page, /you are signed in/i);
    assert.match((await stage.profileStatus('work')).account, /bob/);
});

test('clicking through the device sign-in gives a token', async (t) => {
    const stage = Stage.open(t);
    const server = await IdentityServer.start(stage);
    const { page } = await openPage(t, stage);
    await stage.ok(['profile', 'add', 'work', '--provider', 'oidc', '--issuer', server.issuer, '--client-id', 'native']);
    const login = stage.start(programs.hearth, ['login', 'work', '--device', '--json']);
    const code = JSON.parse(await login.line('the code', (line) => line.includes('"code"')));
    await page.goto(code.verification_uri);
    await page.fill('input[name=user_code]', code.user_code);
    await page.locator('button[type=submit]').first().click();
    await page.locator('button[type=submit]').first().click();
    await until('the sign-in page', () => page.url().includes('/interaction/'));
    await signInAs(page, 'alice');
    assert.equal((await login.ended).status, 0, login.stderr);
    assert.ok(await stage.token('work'));
});

test("the sandbox's own page lets a person allow, and hearth's page is free of script and style errors", async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, []);
    const { page, complaints } = await openPage(t, stage);
    await sandbox.profile('demo');
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'demo', '--json'], { env: browser.env });
    await page.goto(await browser.url());
    await page.getByRole('button', { name: /allow/i }).click();
    assert.equal((await login.ended).status, 0, login.stderr);
    await page.waitForLoadState();
    assert.match(await body(page), /close/i);
    assert.deepEqual(complaints, []);
});

test("a person who denies in the sandbox's page sees that nothing was signed in", async (t) => {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage, []);
    const { page } = await openPage(t, stage);
    await sandbox.profile('demo');
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'demo', '--json'], { env: browser.env });
    await page.goto(await browser.url());
    await page.getByRole('button', { name: /deny/i }).click();
    const { status } = await login.ended;
    assert.ok(status === 1 || status === 3 || status === 6, `ended with ${status}`);
    assert.equal(JSON.parse(login.lines.at(-1)).event, 'failed');
    await page.waitForLoadState();
    assert.doesNotMatch(await body(page), /you are signed in/i);
});
