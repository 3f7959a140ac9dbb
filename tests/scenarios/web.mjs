// Pages of others in a real browser, while a sign-in waits for its person: whatever they try, it is refused, and the true
// sign-in still succeeds.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';

import { openPage } from '../support/chromium.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const foreign = 'foreign.example';
const rebound = 'rebound.example';

// A site of somebody else, as far as the browser can tell.
async function foreignSite(t) {
    const server = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>foreign</title><body>'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    return `http://${foreign}:${server.address().port}/`;
}

// A sign-in that waits, and where its browser would come back to: with its own state, and with a guess.
async function waiting(t) {
    const stage = Stage.open(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('demo');
    const browser = stage.browser();
    const login = stage.start(programs.hearth, ['login', 'demo', '--json'], { env: browser.env });
    const address = await browser.url();
    const asked = new URL(address).searchParams;
    const back = new URL(asked.get('redirect_uri'));
    const callback = (state) => `${back.origin}${back.pathname}?code=injected&state=${encodeURIComponent(state)}&iss=${encodeURIComponent(sandbox.told.issuer)}`;
    return { stage, sandbox, login, address, back, guessed: callback('a-guess-of-the-state'), known: callback(asked.get('state')) };
}

// The answers that were believed are those of which the code was redeemed.
async function endsWell({ sandbox, login }, page, address) {
    await page.goto(address);
    expectStatus({ ...(await login.ended), command: 'hearth login', stdout: login.lines.join('\n'), stderr: login.stderr }, 0);
    const redeemed = (await sandbox.records()).token_requests.filter((request) => request.grant === 'authorization_code');
    assert.equal(redeemed.length, 1, 'no code but the true one went to the server');
}

test('requests of a foreign page are refused, even with the state of the sign-in, and the page learns nothing', async (t) => {
    const scene = await waiting(t);
    const { page } = await openPage(t, scene.stage, [foreign]);
    const statuses = [];
    page.on('response', (response) => response.url().startsWith(scene.back.origin) && statuses.push(response.status()));
    await page.goto(await foreignSite(t));

    const tries = await page.evaluate(async (addresses) => {
        const outcome = async (address, init) => {
            try {
                const reply = await fetch(address, init);
                return reply.type === 'opaque' ? 'opaque' : `read ${reply.status}`;
            } catch {
                return 'blocked';
            }
        };
        const image = (address) =>
            new Promise((resolve) => {
                const element = new Image();
                element.onload = () => resolve('shown');
                element.onerror = () => resolve('broken');
                element.src = address;
            });
        const told = {};
        for (const [name, address] of Object.entries(addresses)) {
            told[`${name}: cors`] = await outcome(address, { mode: 'cors' });
            told[`${name}: cors with a header of its own`] = await outcome(address, { mode: 'cors', headers: { 'x-own': '1' } });
            told[`${name}: no-cors`] = await outcome(address, { mode: 'no-cors', credentials: 'include' });
            told[`${name}: post`] = await outcome(address, { mode: 'no-cors', method: 'POST', body: 'code=injected' });
            told[`${name}: image`] = await image(address);
        }
        return told;
    }, { guessed: scene.guessed, known: scene.known });
    for (const [name, outcome] of Object.entries(tries)) assert.match(outcome, /^(opaque|blocked|broken)$/, `${name} ${outcome}`);

    // A form and a frame are navigations, and only the browser's own words tell them from a person's.
    await page.evaluate((address) => {
        const frame = Object.assign(document.createElement('iframe'), { name: 'inside', src: address });
        document.body.append(frame);
        return new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    }, scene.known);
    await page.evaluate((address) => {
        const form = Object.assign(document.createElement('form'), { method: 'POST', action: address });
        document.body.append(form);
        form.submit();
    }, scene.known);
    await page.waitForURL((url) => url.href.startsWith(scene.back.origin));
    await until('the answers that the browser shows', () => statuses.length >= 6);
    assert.deepEqual([...new Set(statuses)].filter((status) => status !== 403 && status !== 405), [], 'each was refused');
    await endsWell(scene, page, scene.address);
});

test('a foreign name that resolves to this machine is refused, with any state', async (t) => {
    const scene = await waiting(t);
    const { page } = await openPage(t, scene.stage, [rebound]);
    const ours = (address) => Object.assign(new URL(address), { hostname: rebound }).href;
    // The page came while the name was still its owner's; now it is of one origin with the listener, for the browser.
    const start = ours(new URL('/start', scene.back).href);
    await page.route(start, (route) => route.fulfill({ contentType: 'text/html', body: '<title>rebound</title>' }));
    for (const address of [scene.guessed, scene.known, scene.back.href].map(ours)) {
        await page.goto(start);
        assert.equal(await page.evaluate(async (url) => (await fetch(url)).status, address), 403, 'a script');
        assert.equal((await page.goto(address)).status(), 403, 'a navigation');
    }
    await endsWell(scene, page, scene.address);
});

test('a navigation with a state that was guessed is answered and forgotten, and so is a second answer', async (t) => {
    const scene = await waiting(t);
    const { page } = await openPage(t, scene.stage, [foreign]);
    assert.equal((await page.goto(scene.guessed)).status(), 400);
    await page.goto(await foreignSite(t));
    await page.evaluate((address) => location.assign(address), scene.guessed);
    await page.waitForURL((url) => url.href.startsWith(scene.back.origin));
    await endsWell(scene, page, scene.address);
    const second = await page.goto(scene.known).then((reply) => reply.status(), () => 'nobody listens');
    assert.ok(second === 410 || second === 'nobody listens', String(second));
    assert.equal((await scene.sandbox.records()).token_requests.length, 1);
});

// What no browser sends, but a program on this machine can.
function raw(port, text) {
    return new Promise((resolve, reject) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(text));
        socket.setEncoding('latin1').on('data', (piece) => (answer += piece)).on('error', reject);
        socket.on('close', () => resolve(answer));
    });
}

test('line ends in a code, a state or an error make no header and no line of anything', async (t) => {
    const scene = await waiting(t);
    const { port, pathname } = scene.back;
    const state = new URL(scene.known).searchParams.get('state');
    for (const [what, target] of [
        ['state', `${pathname}?code=c&state=${state}%0d%0aSet-Cookie:+planted=1`],
        ['code without its state', `${pathname}?code=c%0d%0aSet-Cookie:+planted=1&state=guess`],
        ['error', `${pathname}?error=access_denied%0d%0aSet-Cookie:+planted=1&error_description=%1b%5b2J%0d%0aplanted&state=guess`],
        ['path', `/%0d%0aSet-Cookie:+planted=1`],
    ]) {
        const answer = await raw(port, `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
        assert.match(answer, /^HTTP\/1\.1 4\d\d /, what);
        const [head] = answer.split('\r\n\r\n');
        assert.doesNotMatch(head, /planted/i, what);
        assert.doesNotMatch(answer, /\x1b/, what);
    }
    // With the true state it is the answer: the words of the server's error are shown, and are harmless.
    const error = `${pathname}?error=access_denied%0d%0ahint:+planted&error_description=%1b%5b2Jno%0d%0ahearth:+planted&state=${state}&iss=${encodeURIComponent(scene.sandbox.told.issuer)}`;
    await raw(port, `GET ${error} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    const { status } = await scene.login.ended;
    assert.notEqual(status, 0);
    const said = scene.login.lines.join('\n') + scene.login.stderr;
    assert.doesNotMatch(said, /\x1b/);
    assert.doesNotMatch(said, /^(hint|hearth): planted/m);
});
