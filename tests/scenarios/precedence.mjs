// For each two sources that a provider has, which of them answers: as docs/sources.md has them in order, and no other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Stage, expectStatus, programs } from '../support/stage.mjs';

const document = readFileSync(fileURLToPath(new URL('../../docs/sources.md', import.meta.url)), 'utf8');

function rows() {
    const table = /<!-- sources -->([\s\S]*?)<!-- \/sources -->/.exec(document)[1];
    return [...table.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name, kind, provider, sent]) => ({ name, kind, provider, sent }));
}

// What each kind of source is given: an environment, an open descriptor, a setting of the profile, or a sign-in.
const ways = {
    variable: (given, source) => (given.env[source.name] = value(source)),
    descriptor: (given, source) => given.descriptors.push(source),
    helper: (given) => (given.helper = true),
    'what `hearth login` keeps': (given) => (given.session = true),
};

// Its own text for each source, so that the answer tells where it came from.
const value = ({ name, sent }) => `sk-ant-${sent === '`x-api-key`' ? 'api03' : 'oat01'}-${name.toLowerCase().replaceAll('_', '-')}`;

function pairs(sources) {
    return sources.flatMap((earlier, place) => sources.slice(place + 1).map((later) => [earlier, later]));
}

const profileOf = (provider, { helper, session }) => [provider, helper && 'helper', session && 'session'].filter(Boolean).join('-');

// A profile for each combination of what belongs to a profile.
async function prepare(stage, provider, helper) {
    const settings = provider === 'oidc' ? ['--issuer', 'http://127.0.0.1:1', '--client-id', 'none'] : [];
    const script = helper && stage.file(`${provider}-helper`, `#!/bin/sh\necho ${value(helper)}\n`, 0o700);
    for (const given of [{}, { session: true }, { helper: true }, { helper: true, session: true }]) {
        if (given.helper && !helper) continue;
        const name = profileOf(provider, given);
        const set = given.helper ? ['--set', `${helper.name}=${script}`] : [];
        await stage.ok(['profile', 'add', name, '--provider', provider, ...settings, ...set]);
        if (given.session) expectStatus(await stage.hearth(['login', name, '--with-token'], { input: value({ name: 'session', sent: '' }) }), 0);
    }
}

// hearth with everything that was given, descriptors from 3 on included.
async function hearth(stage, given, words) {
    const opened = given.descriptors.map((source, at) => `exec ${at + 3}<'${stage.file(`fd${at}`, value(source))}'`);
    const env = { ...given.env, ...Object.fromEntries(given.descriptors.map((source, at) => [source.name, `${at + 3}`])) };
    return expectStatus(await stage.run('sh', ['-c', [...opened, `exec '${programs.hearth}' "$@"`].join('; '), 'sh', ...words], { env }), 0).stdout;
}

for (const provider of ['claude', 'oidc']) {
    const sources = rows().filter((row) => row.provider === 'every provider' || row.provider === provider);

    test(`each two sources of ${provider}: the earlier one answers, and explain says which and why`, async (t) => {
        assert.ok(sources.length >= 3, 'the table was not read');
        for (const source of sources) assert.ok(ways[source.kind], `nobody here knows how to give a ${source.kind}, which ${source.name} is`);
        const stage = Stage.open(t);
        await prepare(stage, provider, sources.find((source) => source.kind === 'helper'));
        for (const [earlier, later] of pairs(sources)) {
            const given = { env: {}, descriptors: [] };
            for (const source of [earlier, later]) ways[source.kind](given, source);
            const profile = profileOf(provider, given);
            const what = `${earlier.name} and ${later.name}`;

            assert.equal((await hearth(stage, given, ['token', profile])).trim(), value(earlier), what);

            const { steps } = JSON.parse(await hearth(stage, given, ['explain', profile, '--json']));
            const step = (source) => steps.find((one) => one.source === source.name || one.source.endsWith(` ${source.name}`));
            assert.deepEqual(steps.filter((one) => one.used), [step(earlier)], what);
            const loser = step(later);
            assert.deepEqual({ found: loser.found, used: loser.used }, { found: true, used: false }, what);
            assert.equal(loser.why.split(';')[0], `${earlier.name} comes before it`, what);
            assert.equal(steps.filter((one) => one.found).length, 2, what);
        }
    });
}
