// Commands that give keys of AWS, or mend what they are got by; and AWS's files, which change under a running agent.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AwsMachine } from '../support/aws.mjs';
import { expectStatus, programs, until } from '../support/stage.mjs';

const counted = `echo run >>"$D/runs"`;
const runs = (stage) => (existsSync(join(stage.root, 'runs')) ? readFileSync(join(stage.root, 'runs'), 'utf8').split('\n').length - 1 : 0);
// Blocks until the test makes the file.
const awaits = (file) => `while [ ! -e "$D/${file}" ]; do sleep 0.02; done`;
const ahead = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');

// The document that AWS's tools print; without `seconds` one that says no end.
function document(aws, seconds, more = {}) {
    const end = seconds === undefined ? {} : { Expiration: ahead(seconds) };
    return { AccessKeyId: aws.told.access_key_id, SecretAccessKey: aws.told.secret_access_key, ...end, ...more };
}
const flat = (aws, seconds, more) => JSON.stringify({ Version: 1, ...document(aws, seconds, more) });
const wrapped = (aws, seconds) => JSON.stringify({ Credentials: document(aws, seconds, { SessionToken: 'a-session-token' }) });

// A script; `lines` of it run with the stage's folder as $D.
function script(stage, name, lines) {
    return stage.file(name, `#!/bin/sh\nD='${stage.root}'\n${lines}\n`, 0o700);
}

// A profile whose keys a script prints.
async function withExport(t, lines, { settings = '', variables = {} } = {}) {
    const aws = await AwsMachine.start(t);
    Object.assign(aws.stage.variables, variables);
    const text = typeof lines === 'function' ? lines(aws) : lines;
    const command = script(aws.stage, 'keys', text);
    aws.stage.configure(`[profiles.work]\nprovider = "aws"\ncredential_export = "${command}"\nregion = "${aws.told.region}"\n${settings}\n`);
    return aws;
}
const keys = (aws, options) => aws.stage.json(['credentials', 'work'], options);

// A profile of AWS's own files.
function withAwsProfile(aws, section, settings = '') {
    aws.config(`[profile tool]\nregion = ${aws.told.region}\n${section}\n`);
    aws.stage.configure(`[profiles.work]\nprovider = "aws"\naws_profile = "tool"\n${settings}\n`);
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`keys are taken in both shapes, and the sandbox honours them, ${how}`, async (t) => {
        const aws = await withExport(t, (one) => `cat "$D/printed"`, { variables });
        aws.stage.file('printed', flat(aws, 7200));
        const first = await keys(aws);
        assert.deepEqual([first.kind, first.access_key_id, first.session_token], ['aws', aws.told.access_key_id, null]);
        assert.ok(Math.abs(Date.parse(first.expires_at) - Date.now() - 7200_000) < 60_000);
        const words = ['credentials', 'work', '--format', 'env'];
        const lines = (await aws.stage.ok(words)).split('\n').filter((line) => line.includes('='));
        const env = Object.fromEntries(lines.map((line) => line.replace('export ', '').split('=')));
        assert.match(await aws.identity(undefined, { env: { ...env, AWS_SHARED_CREDENTIALS_FILE: '/dev/null' } }), /user\/robin$/);
        aws.stage.file('printed', wrapped(aws, 7200));
        if (!variables.HEARTH_NO_AGENT) await aws.stage.stopAgent();
        assert.equal((await keys(aws)).session_token, 'a-session-token');
    });

    test(`what is no keys is told, and nothing of it quoted, ${how}`, async (t) => {
        const aws = await withExport(t, `cat "$D/printed"`, { variables });
        const wrong = ['Welcome s3cret', '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":""}', '[]', 'x'.repeat(70_000)];
        for (const text of wrong) {
            aws.stage.file('printed', text);
            const refused = expectStatus(await aws.stage.hearth(['credentials', 'work']), 1);
            assert.match(refused.stderr, /work: the helper in credential_export printed something that is no keys of AWS/);
            assert.ok(!/s3cret|AKIA|xxx/.test(refused.stderr + refused.stdout));
        }
        aws.stage.file('printed', flat(aws, -10));
        assert.match(expectStatus(await aws.stage.hearth(['credentials', 'work']), 1).stderr, /printed keys that have expired/);
        aws.stage.file('printed', '');
        assert.match(expectStatus(await aws.stage.hearth(['credentials', 'work']), 1).stderr, /printed nothing/);
    });

    test(`credential_process of AWS's profile is run as AWS's programs run it, ${how}`, async (t) => {
        const aws = await AwsMachine.start(t);
        Object.assign(aws.stage.variables, variables);
        const command = script(aws.stage, 'key tool', `[ "$#" = 2 ] && [ "$1" = 'a b' ] && [ "$2" = '$HOME' ] || exit 9\n${counted}\necho '${flat(aws, 7200)}'`);
        withAwsProfile(aws, `credential_process = "${command}" 'a b' "$HOME"`);
        assert.equal((await keys(aws)).access_key_id, aws.told.access_key_id);
        assert.equal(runs(aws.stage), 1);
    });

    test(`a command that asks for its own profile is told so, ${how}`, async (t) => {
        const aws = await AwsMachine.start(t);
        Object.assign(aws.stage.variables, variables);
        withAwsProfile(aws, `credential_process = ${programs.hearth} credentials work --format aws-process`);
        const refused = expectStatus(await aws.stage.hearth(['credentials', 'work']), 1);
        assert.match(refused.stderr, /work: its helper asks for it/);
        assert.match(refused.stderr, /work: the command in credential_process \(.*config:\d+\) ended with exit status 2/);
    });
}

test('keys are kept until five minutes before they expire, and then printed anew', async (t) => {
    const aws = await withExport(t, `${counted}; cat "$D/printed"`);
    aws.stage.file('printed', flat(aws, 301));
    await keys(aws);
    aws.stage.file('printed', flat(aws, 7200));
    await until('the old ones to be too old', async () => Date.parse((await keys(aws)).expires_at) - Date.now() > 3600_000);
    assert.equal(runs(aws.stage), 2);
    await keys(aws);
    assert.equal(runs(aws.stage), 2);
});

test('keys that say no end get one, and are kept for helper_ttl', async (t) => {
    const aws = await withExport(t, `${counted}; cat "$D/printed"`, { settings: 'helper_ttl = "1s"' });
    aws.stage.file('printed', flat(aws));
    assert.ok(Date.parse((await keys(aws)).expires_at) - Date.now() > 3000_000);
    await until('a second run', async () => (await keys(aws)) && runs(aws.stage) === 2);
});

test('ten callers at once run the command once', async (t) => {
    const aws = await withExport(t, (one) => `${counted}; ${awaits('go')}; echo '${flat(one, 7200)}'`);
    await aws.stage.ok(['agent', 'start']);
    const callers = Array.from({ length: 10 }, () => keys(aws));
    await until('all of them to wait', async () => (await aws.stage.json(['agent', 'status'])).connections >= 11);
    aws.stage.file('go', '');
    const all = await Promise.all(callers);
    assert.deepEqual(new Set(all.map((one) => one.access_key_id)), new Set([aws.told.access_key_id]));
    assert.equal(runs(aws.stage), 1);
});

test('a credential_export beside another source of keys is refused', async (t) => {
    const aws = await withExport(t, 'exit 1', { settings: 'aws_profile = "tool"' });
    assert.match(expectStatus(await aws.stage.hearth(['login', 'work']), 2).stderr, /has a credential_export, and another source of keys/);
    const claude = expectStatus(await aws.stage.hearth(['config', 'set', 'profiles.work.token_helper', 'echo x']), 2);
    assert.match(claude.stderr, /has a helper of another provider's kind/);
});

test('the output is in no status and no explanation', async (t) => {
    const aws = await withExport(t, (one) => `echo '${flat(one, 7200)}'`);
    await keys(aws);
    const told = (await aws.stage.ok(['explain', 'work'])) + JSON.stringify(await aws.stage.profileStatus('work'));
    assert.match(told, /credential_export/);
    assert.match(told, /ended with exit status 0/);
    assert.ok(!told.includes(aws.told.secret_access_key));
});

// A role that the keys of AWS's files take.
function withRole(aws, settings = '') {
    const role = `role_arn = "${aws.told.roles.reader}"\nsource_profile = "user"\nregion = "${aws.told.region}"\nendpoint_url = "${aws.told.sts}"`;
    aws.stage.configure(`[profiles.work]\nprovider = "aws"\n${role}\n${settings}\n`);
}

test("a request after AWS's files have changed gets keys by the new ones", async (t) => {
    const aws = await AwsMachine.start(t);
    withAwsProfile(aws, 'aws_access_key_id = AKIAFIRST\naws_secret_access_key = one');
    assert.equal((await keys(aws)).access_key_id, 'AKIAFIRST');
    aws.config('[profile tool]\naws_access_key_id = AKIASECOND\naws_secret_access_key = two\n');
    assert.equal((await keys(aws)).access_key_id, 'AKIASECOND');
    aws.config(`[profile tool]\ncredential_process = echo '${flat(aws, 7200)}'\n`);
    assert.equal((await keys(aws)).access_key_id, aws.told.access_key_id);
});

test("keys that were stored are not handed out once AWS's files have changed while nobody ran", async (t) => {
    const aws = await AwsMachine.start(t);
    Object.assign(aws.stage.variables, { HEARTH_NO_AGENT: '1' });
    withAwsProfile(aws, 'aws_access_key_id = AKIAFIRST\naws_secret_access_key = one');
    assert.equal((await keys(aws)).access_key_id, 'AKIAFIRST');
    aws.config('[profile tool]\naws_access_key_id = AKIASECOND\naws_secret_access_key = two\n');
    assert.equal((await keys(aws)).access_key_id, 'AKIASECOND');
});

test('a file that is broken now is told of with its line, and the old keys are not handed out', async (t) => {
    const aws = await AwsMachine.start(t);
    withAwsProfile(aws, 'aws_access_key_id = AKIAFIRST\naws_secret_access_key = one');
    await keys(aws);
    aws.config('[profile tool]\naws_access_key_id = AKIAFIRST\nthis is no setting\n');
    const refused = expectStatus(await aws.stage.hearth(['credentials', 'work']), 2);
    assert.match(refused.stderr, /config:\d+: this line has no '='/);
    assert.equal(refused.stdout, '');
    aws.config('[profile tool]\naws_access_key_id = AKIATHIRD\naws_secret_access_key = three\n');
    assert.equal((await keys(aws)).access_key_id, 'AKIATHIRD');
});

test('a change that is about another profile takes no keys away', async (t) => {
    const aws = await AwsMachine.start(t);
    withRole(aws);
    const { access_key_id } = await keys(aws);
    appendFileSync(join(aws.folder, 'config'), '\n[profile another]\nregion = eu-west-1\n');
    assert.equal((await keys(aws)).access_key_id, access_key_id);
    assert.equal(await aws.count('AssumeRole'), 1);
});

// The keys that take the role are wrong until `mend` puts the right ones there.
function brokenRole(aws, settings) {
    const file = join(aws.folder, 'credentials');
    const good = `[user]\naws_access_key_id = ${aws.told.access_key_id}\naws_secret_access_key = ${aws.told.secret_access_key}\n`;
    writeFileSync(file, `[user]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n`);
    aws.stage.file('good', good);
    withRole(aws, settings);
    return `cp "$D/good" "${file}"`;
}

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`auth_refresh mends what the keys are got by, and what it prints is seen, ${how}`, async (t) => {
        const aws = await AwsMachine.start(t);
        Object.assign(aws.stage.variables, variables);
        const mend = brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
        script(aws.stage, 'refresh', `${counted}; read -r line && exit 7; echo 'Signing in'; echo 'to the company' >&2; ${mend}`);
        const done = expectStatus(await aws.stage.hearth(['credentials', 'work']), 0);
        assert.match(done.stderr, /work: its auth_refresh runs\nSigning in\nto the company/);
        assert.match(JSON.parse(done.stdout).access_key_id, /^ASIA/);
        assert.equal(runs(aws.stage), 1);
    });

    test(`an auth_refresh that fails is named with its exit status, and not run again at once, ${how}`, async (t) => {
        const aws = await AwsMachine.start(t);
        Object.assign(aws.stage.variables, variables);
        brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
        script(aws.stage, 'refresh', `${counted}; echo no; exit 3`);
        const refused = expectStatus(await aws.stage.hearth(['credentials', 'work']), 1);
        assert.match(refused.stderr, /AssumeRole answered 403/);
        assert.match(refused.stderr, /its auth_refresh ended with exit status 3/);
        if (variables.HEARTH_NO_AGENT) return;
        assert.match(expectStatus(await aws.stage.hearth(['credentials', 'work']), 1).stderr, /auth_refresh ended with exit status 3/);
        assert.equal(runs(aws.stage), 1);
        expectStatus(await aws.stage.hearth(['login', 'work']), 1);
        assert.equal(runs(aws.stage), 2);
    });
}

test('an auth_refresh that takes too long is ended, and one that mends nothing is told of', async (t) => {
    const aws = await AwsMachine.start(t);
    brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"\nauth_refresh_timeout = "1s"`);
    script(aws.stage, 'refresh', `exec sleep 600`);
    assert.match(expectStatus(await aws.stage.hearth(['credentials', 'work']), 1).stderr, /auth_refresh took too long and was ended/);
    script(aws.stage, 'refresh', `exit 0`);
    assert.match(expectStatus(await aws.stage.hearth(['login', 'work']), 1).stderr, /auth_refresh ended with exit status 0/);
});

test('hearth login runs auth_refresh when keys cannot be got without', async (t) => {
    const aws = await AwsMachine.start(t);
    const mend = brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
    script(aws.stage, 'refresh', `${counted}; ${mend}`);
    expectStatus(await aws.stage.hearth(['login', 'work']), 0);
    expectStatus(await aws.stage.hearth(['login', 'work']), 0);
    assert.equal(runs(aws.stage), 1);
});

test('--non-interactive does not run it, and says what does', async (t) => {
    const aws = await AwsMachine.start(t);
    brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
    script(aws.stage, 'refresh', counted);
    const refused = expectStatus(await aws.stage.hearth(['credentials', 'work', '--non-interactive']), 1);
    assert.match(refused.stderr, /hint: hearth login work runs its auth_refresh/);
    assert.equal(runs(aws.stage), 0);
});

test('ten who wait see what it prints, and it ran once; status has its last lines', async (t) => {
    const aws = await AwsMachine.start(t);
    const mend = brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
    script(aws.stage, 'refresh', `${counted}; printf 'code \\033[1mABCD\\n'; ${awaits('go')}; ${mend}; echo done`);
    await aws.stage.ok(['agent', 'start']);
    const callers = Array.from({ length: 10 }, () => aws.stage.start(programs.hearth, ['credentials', 'work']));
    await until('all to see it', () => callers.every((one) => /code \[1mABCD/.test(one.stderr)));
    const during = (await aws.stage.profileStatus('work')).auth_refresh;
    assert.deepEqual([during.running, during.lines, during.ended], [true, ['code [1mABCD'], null]);
    aws.stage.file('go', '');
    for (const caller of callers) assert.equal((await caller.ended).status, 0);
    for (const caller of callers) assert.match(caller.stderr, /^done$/m);
    assert.equal(runs(aws.stage), 1);
    assert.equal(await aws.count('AssumeRole') <= 2 + 10, true);
    const after = (await aws.stage.profileStatus('work')).auth_refresh;
    assert.deepEqual([after.running, after.lines, after.ended], [false, ['code [1mABCD', 'done'], 'ended with exit status 0']);
    assert.match(await aws.stage.ok(['status', 'work']), /its auth_refresh ended with exit status 0/);
});

test('another takes over when the one that runs it is killed', async (t) => {
    const aws = await AwsMachine.start(t);
    const mend = brokenRole(aws, `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
    script(aws.stage, 'refresh', `${counted}; [ $(wc -l <"$D/runs") -gt 1 ] || exec sleep 600; ${mend}`);
    await aws.stage.ok(['agent', 'start']);
    const first = aws.stage.start(programs.hearth, ['credentials', 'work']);
    await until('it to run', () => runs(aws.stage) === 1);
    const second = keys(aws);
    await until('the second to wait', async () => (await aws.stage.json(['agent', 'status'])).connections >= 3);
    first.child.kill('SIGTERM');
    assert.match((await second).access_key_id, /^ASIA/);
});

test('keys that were rejected and are the only ones have auth_refresh run', async (t) => {
    const aws = await AwsMachine.start(t);
    const file = join(aws.folder, 'credentials');
    withAwsProfile(aws, '', `auth_refresh = "${join(aws.stage.root, 'refresh')}"`);
    const section = (id) => `[tool]\naws_access_key_id = ${id}\naws_secret_access_key = ${id.toLowerCase()}\n`;
    writeFileSync(file, section('AKIAFIRST'));
    aws.stage.file('new', section('AKIASECOND'));
    script(aws.stage, 'refresh', `${counted}; cp "$D/new" '${file}'`);
    const refused = await aws.stage.ok(['credentials', 'work', '--format', 'aws-process']);
    assert.match(refused, /AKIAFIRST/);
    expectStatus(await aws.stage.hearth(['rejected', 'work'], { input: refused }), 0);
    assert.equal(runs(aws.stage), 1);
    assert.equal((await keys(aws)).access_key_id, 'AKIASECOND');
});

test('what a project names runs only once it is trusted', async (t) => {
    const aws = await AwsMachine.start(t);
    const command = script(aws.stage, 'keys', `${counted}; echo '${flat(aws, 7200)}'`);
    const folder = join(aws.stage.root, 'user');
    writeFileSync(join(folder, '.hearth.toml'), `[profiles.work]\nprovider = "aws"\ncredential_export = "${command}"\nauth_refresh = "true"\n`);
    expectStatus(await aws.stage.hearth(['credentials', 'work'], { cwd: folder }), 6);
    assert.equal(runs(aws.stage), 0);
    const agreed = expectStatus(await aws.stage.hearth(['trust', '--yes'], { cwd: folder }), 0);
    assert.match(agreed.stdout + agreed.stderr, /runs +auth_refresh[^]*runs +credential_export/);
    assert.equal((await aws.stage.json(['credentials', 'work'], { cwd: folder })).access_key_id, aws.told.access_key_id);
});
