// Accounts of AWS: keys from where AWS's own configuration says, fresh, handed out in every form, and signing.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AwsMachine } from '../support/aws.mjs';
import { expectStatus, programs, until } from '../support/stage.mjs';

const assumed = (role) => new RegExp(`^arn:aws:sts::111122223333:assumed-role/${role}/hearth-work$`);
const question = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] });

// A profile of hearth's that asks the sandbox.
const profile = (aws, lines) => `[profiles.work]\nprovider = "aws"\nendpoint_url = "${aws.told.sts}"\nregion = "${aws.told.region}"\n${lines}\n`;
const role = (aws, name, from) => `[profile ${name}]\nrole_arn = ${aws.told.roles[name]}\nsource_profile = ${from}\n`;

async function open(t, lines, { config = '', parameters } = {}) {
    const aws = await AwsMachine.start(t, parameters);
    aws.config(config);
    aws.stage.configure(profile(aws, lines(aws)));
    return aws;
}

async function identityToken(aws) {
    const body = JSON.stringify({ claims: { aud: aws.told.web_identity_audience } });
    const answer = await fetch(`${aws.sandbox.origin}/_sandbox/identity`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return (await answer.json()).token;
}

const assuming = (name) => (aws) => `role_arn = "${aws.told.roles[name]}"\nsource_profile = "user"`;
const whoami = async (aws, options) => Object.fromEntries((await aws.stage.json(['whoami', 'work'], options)).facts);

test('a role is assumed with the keys of a profile of AWS, and AWS itself says who it is', async (t) => {
    const aws = await open(t, assuming('reader'));
    const facts = await whoami(aws);
    assert.match(facts.arn, assumed('reader'));
    assert.equal(facts.account, '111122223333');
    assert.equal(facts.way, 'assume-role');
    const status = await aws.stage.profileStatus('work');
    assert.equal(status.state, 'fresh');
    assert.equal(status.kind, 'aws');
    const exported = await aws.stage.ok(['credentials', 'work', '--format', 'env']);
    const env = Object.fromEntries(exported.trim().split('\n').map((line) => line.replace('export ', '').split(/=(.*)/s)));
    assert.match(await aws.identity(undefined, { env }), assumed('reader'));
    assert.equal(await aws.count('AssumeRole'), 1);
});

test('the AWS CLI takes keys from hearth as a credential process', async (t) => {
    const aws = await open(t, assuming('reader'));
    const command = `${programs.hearth} credentials work --format aws-process`;
    aws.config(`[profile through]\nregion = ${aws.told.region}\ncredential_process = ${command}\n`);
    assert.match(await aws.identity('through'), assumed('reader'));
});

test('every form holds the same keys, and more than a quarter of an hour of them', async (t) => {
    const aws = await open(t, assuming('reader'));
    const form = async (name) => JSON.parse(await aws.stage.ok(['credentials', 'work', '--format', name]));
    const [parts, process, exported] = [await form('json'), await form('aws-process'), await form('aws-export')];
    assert.equal(process.Version, 1);
    assert.deepEqual({ Version: 1, ...exported.Credentials }, process);
    assert.deepEqual([parts.access_key_id, parts.secret_access_key, parts.session_token, parts.expires_at], [
        process.AccessKeyId,
        process.SecretAccessKey,
        process.SessionToken,
        process.Expiration,
    ]);
    assert.ok(Date.parse(process.Expiration) - Date.now() > 16 * 60 * 1000);
    const claude = await aws.stage.hearth(['credentials', 'work', '--format', 'docker']);
    assert.match(expectStatus(claude, 2).stderr, /the formats are/);
});

test('a chain of three roles, and a circle of roles', async (t) => {
    const config = (aws) => role(aws, 'deployer', 'reader') + role(aws, 'reader', 'user');
    const aws = await open(t, (machine) => `role_arn = "${machine.told.roles.auditor}"\nsource_profile = "deployer"`);
    aws.config(config(aws));
    assert.match((await whoami(aws)).arn, assumed('auditor'));
    assert.equal(await aws.count('AssumeRole'), 3);

    aws.config(role(aws, 'deployer', 'reader') + role(aws, 'reader', 'deployer'));
    await aws.stage.ok(['logout', 'work']);
    const circle = expectStatus(await aws.stage.hearth(['credentials', 'work']), 2);
    assert.match(circle.stderr, /config:\d+: .*deployer.*reader/s);
});

test('what is wrong in the files of AWS is told with file and line', async (t) => {
    const aws = await open(t, () => 'aws_profile = "broken"');
    const { reader } = aws.told.roles;
    const cases = [
        [`role_arn = ${reader}\nsource_profile = user\ncredential_source = Environment`, /source_profile.*credential_source|credential_source.*source_profile/s],
        [`role_arn = ${reader}`, /neither|source_profile/],
        [`role_arn = ${reader}\ncredential_source = environment`, /credential_source/],
        [`role_arn = ${reader}\nsource_profile = nobody`, /source_profile/],
        ['sso_session = nobody\nsso_account_id = 111122223333\nsso_role_name = x', /sso_session/],
        [`role_arn = ${reader}\nsource_profile = user\nduration_seconds = soon`, /duration_seconds/],
    ];
    for (const [lines, expected] of cases) {
        aws.config(`[profile broken]\n${lines}\n`);
        const told = await aws.stage.hearth(['credentials', 'work'], { env: { HEARTH_NO_AGENT: '1' } });
        assert.match(expectStatus(told, 2).stderr, expected);
        assert.match(told.stderr, /\.aws\/config:\d+/, told.stderr);
    }
});

test('a web identity is read anew from its file at each renewal', async (t) => {
    const file = (aws) => join(aws.stage.root, 'token');
    const aws = await open(t, (machine) => `role_arn = "${machine.told.roles.workload}"\nweb_identity_token_file = "${file(machine)}"`);
    const missing = await aws.stage.hearth(['credentials', 'work'], { env: { HEARTH_NO_AGENT: '1' } });
    assert.match(expectStatus(missing, 1).stderr, /token/);
    writeFileSync(file(aws), await identityToken(aws));
    assert.match((await whoami(aws)).arn, assumed('workload'));
    // An hour later, in a new process, by what the file holds then.
    writeFileSync(file(aws), 'no token any more');
    const later = { HEARTH_NO_AGENT: '1', LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '3601' };
    const refused = expectStatus(await aws.stage.hearth(['credentials', 'work'], { env: later }), 1);
    assert.match(refused.stderr, /InvalidIdentityToken/);
    writeFileSync(file(aws), await identityToken(aws));
    await until('the refusal to be forgotten', async () => (await aws.stage.hearth(['credentials', 'work'], { env: { ...later, SHIM_CLOCK: '3700' } })).status === 0);
});

test('requests are signed for the service that the host or the caller names', async (t) => {
    const aws = await open(t, assuming('reader'));
    const body = join(aws.stage.root, 'question.json');
    writeFileSync(body, question);
    const url = `${aws.told.bedrock}/model/anthropic.sandbox-v1%3A0/invoke`;
    const ask = ['headers', 'work', '--method', 'POST', '--url', url, '--body', body];
    const unnamed = await aws.stage.hearth(ask);
    assert.match(expectStatus(unnamed, 2).stderr, /service/);
    const { headers } = await aws.stage.json([...ask, '--service', 'bedrock']);
    const answer = await fetch(url, { method: 'POST', headers: { ...Object.fromEntries(headers), 'Content-Type': 'application/json' }, body: question });
    assert.equal(answer.status, 200, await answer.text());
    const changed = await fetch(url, { method: 'POST', headers: Object.fromEntries(headers), body: question.replace('Hello', 'Hullo') });
    assert.equal(changed.status, 403);
});

test('the token of a profile of AWS is an API key of Bedrock, made without asking anybody', async (t) => {
    const aws = await open(t, assuming('reader'));
    const key = await aws.stage.token('work');
    assert.match(key, /^bedrock-api-key-/);
    const before = await aws.count('AssumeRole');
    const url = `${aws.told.bedrock}/model/anthropic.sandbox-v1%3A0/invoke`;
    const answer = await fetch(url, { method: 'POST', headers: { Authorization: `Bearer ${await aws.stage.token('work')}`, 'Content-Type': 'application/json' }, body: question });
    assert.equal(answer.status, 200, await answer.text());
    assert.equal(await aws.count('AssumeRole'), before);
});

for (const [how, env] of [
    ['with an agent', {}],
    ['without an agent', { HEARTH_NO_AGENT: '1' }],
])
    test(`fifty processes on expired keys make one request, ${how}`, async (t) => {
        const aws = await open(t, assuming('reader'), { parameters: ['--aws-ttl', '1'] });
        const first = await aws.stage.json(['credentials', 'work'], { env: { HEARTH_NO_AGENT: '1' } });
        await aws.control({ lifetime: 3600 });
        await until('the end of the first keys', () => Date.now() >= Date.parse(first.expires_at));
        const before = await aws.count('AssumeRole');
        const ask = () => aws.stage.hearth(['credentials', 'work', '--format', 'aws-process'], { env });
        const told = await Promise.all(Array.from({ length: 50 }, ask));
        const keys = new Set(told.map((one) => JSON.parse(expectStatus(one, 0).stdout).AccessKeyId));
        assert.equal(keys.size, 1);
        assert.equal((await aws.count('AssumeRole')) - before, 1);
    });

test('processes whose variables differ share the keys, and do not renew them for each other', async (t) => {
    const aws = await AwsMachine.start(t);
    aws.config(`[profile plain]\nrole_arn = ${aws.told.roles.reader}\nsource_profile = user\n`);
    aws.stage.configure(`[profiles.work]\nprovider = "aws"\nendpoint_url = "${aws.told.sts}"\naws_profile = "plain"\n`);
    const ask = async (AWS_REGION) => {
        const env = { HEARTH_NO_AGENT: '1', AWS_REGION, AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:1/${AWS_REGION}` };
        return (await aws.stage.json(['credentials', 'work'], { env })).access_key_id;
    };
    const first = await ask(aws.told.region);
    assert.equal(await ask('eu-west-1'), first);
    assert.equal(await ask('us-east-1'), first);
    assert.equal(await aws.count('AssumeRole'), 1);
});

test('whoever asks first after a sleep gets new keys, or an error, and never expired ones', async (t) => {
    const aws = await open(t, assuming('reader'));
    const alone = { HEARTH_NO_AGENT: '1' };
    const ask = (env) => aws.stage.hearth(['credentials', 'work', '--format', 'aws-process'], { env: { ...alone, ...env } });
    const before = JSON.parse(expectStatus(await ask({}), 0).stdout);
    const night = 8 * 3600;
    await aws.control({ clock_offset: night });
    const morning = { LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(night) };
    const after = JSON.parse(expectStatus(await ask(morning), 0).stdout);
    assert.notEqual(after.AccessKeyId, before.AccessKeyId);
    assert.ok(Date.parse(after.Expiration) > Date.now() + night * 1000);
    await aws.sandbox.server.stop();
    const lost = await ask({ ...morning, SHIM_CLOCK: String(2 * night) });
    assert.equal(expectStatus(lost, 4).stdout, '');
});

test('a role with an MFA device asks for one code, and for another once its keys have ended', async (t) => {
    const aws = await open(t, (machine) => `${assuming('guarded')(machine)}\nmfa_serial = "${machine.told.mfa_serial}"`, { parameters: ['--aws-ttl', '900'] });
    const asked = expectStatus(await aws.stage.hearth(['credentials', 'work']), 3);
    assert.match(asked.stderr, /wants a code of the device.*mfa\/robin/);
    assert.match(asked.stderr, /hearth login work/);
    const nobody = expectStatus(await aws.stage.hearth(['login', 'work']), 3);
    assert.match(nobody.stderr, /there is no terminal/);

    const terminal = aws.stage.terminal([programs.hearth, 'login', 'work']);
    await terminal.sees('type the code');
    terminal.types('12345\r');
    await terminal.sees('six digits');
    terminal.types(`${(await aws.control()).mfa_code}\r`);
    await terminal.ended;
    assert.match((await whoami(aws)).arn, assumed('guarded'));
    const status = await aws.stage.profileStatus('work');
    assert.equal(status.renews_at, null);
    const later = { HEARTH_NO_AGENT: '1', LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: '901' };
    assert.match(expectStatus(await aws.stage.hearth(['credentials', 'work'], { env: later }), 3).stderr, /hearth login work/);
});

test('keys that are handed to a profile leave the sign-in alone that it rests on', async (t) => {
    const aws = await open(t, () => 'sso_profile = "corp"\nsso_account_id = "111122223333"\nsso_role_name = "Reader"\n\n[profiles.corp]\nprovider = "aws"\nsso_start_url = "https://corp.awsapps.com/start"\nsso_region = "eu-central-1"');
    const document = { Version: 1, AccessKeyId: aws.told.access_key_id, SecretAccessKey: aws.told.secret_access_key };
    const input = JSON.stringify(document);
    await aws.stage.ok(['login', 'work', '--with-token'], { input });
    assert.deepEqual(JSON.parse(await aws.stage.ok(['credentials', 'work', '--format', 'aws-process'])), document);
    assert.equal((await aws.stage.profileStatus('corp')).state, 'signed_out');
    const refused = expectStatus(await aws.stage.hearth(['login', 'corp', '--with-token'], { input }), 2);
    assert.match(refused.stderr, /signs in to Identity Center/);
});

test('keys that were handed over are kept and handed out, and are not renewed', async (t) => {
    const aws = await open(t, () => '');
    const document = { Version: 1, AccessKeyId: aws.told.access_key_id, SecretAccessKey: aws.told.secret_access_key };
    await aws.stage.ok(['login', 'work', '--with-token'], { input: JSON.stringify(document) });
    assert.equal((await whoami(aws)).arn, 'arn:aws:iam::111122223333:user/robin');
    const printed = JSON.parse(await aws.stage.ok(['credentials', 'work', '--format', 'aws-process']));
    assert.deepEqual(printed, document);
    const nonsense = await aws.stage.hearth(['login', 'work', '--with-token'], { input: 'AKIAs3cret s3cret' });
    assert.equal(expectStatus(nonsense, 2).stderr.includes('s3cret'), false);
});

test('the machine gives keys: a container and an instance', async (t) => {
    const aws = await open(t, () => '');
    aws.config('');
    writeFileSync(join(aws.folder, 'config'), '');
    const container = { HEARTH_NO_AGENT: '1', AWS_CONTAINER_CREDENTIALS_FULL_URI: aws.told.container, AWS_CONTAINER_AUTHORIZATION_TOKEN: aws.told.container_token };
    const facts = await whoami(aws, { env: container });
    assert.equal(facts.way, 'container-role');
    await aws.stage.ok(['logout', 'work'], { env: container });
    const instance = { HEARTH_NO_AGENT: '1', AWS_EC2_METADATA_DISABLED: '', AWS_EC2_METADATA_SERVICE_ENDPOINT: aws.told.metadata };
    assert.equal((await whoami(aws, { env: instance })).way, 'iam-role');
});
