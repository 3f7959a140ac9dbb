// IAM Identity Center: a person signs in once, and every role that the sign-in may take has fresh keys.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AwsMachine } from '../support/aws.mjs';
import { openPage } from '../support/chromium.mjs';
import { expectStatus, programs } from '../support/stage.mjs';

const lifetime = 600;
const approving = ['--auto-approve', '--device-interval', '1', '--access-ttl', String(lifetime)];
const developer = /^arn:aws:sts::111122223333:assumed-role\/AWSReservedSSO_Developer_[0-9a-f]{16}\/robin$/;

const pairs = (settings) => Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

// A profile that signs in to the sandbox's Identity Center, not signed in yet.
async function corp(aws, name = 'corp') {
    const { sso_start_url, sso_oidc, sso_portal, region } = aws.told;
    const settings = { sso_start_url, sso_region: region, sso_oidc_endpoint: sso_oidc, sso_portal_endpoint: sso_portal };
    await aws.stage.ok(['profile', 'add', name, '--provider', 'aws', ...pairs(settings)]);
}

// The same, signed in by whoever follows redirects.
async function signedIn(t, parameters = approving) {
    const aws = await AwsMachine.start(t, parameters);
    await corp(aws);
    await aws.stage.ok(['login', 'corp'], { env: { BROWSER: aws.stage.clicker() } });
    return aws;
}

// The AWS CLI gets keys of a hearth profile as it gets them of any program.
function useFromCli(aws, name) {
    const command = `${programs.hearth} credentials ${name} --format aws-process`;
    aws.config(`[profile ${name}]\nregion = ${aws.told.region}\ncredential_process = ${command}\n`);
}

const grants = async (aws) =>
    (await aws.sandbox.records()).token_requests.map((one) => [one.face, one.grant.split(':').at(-1), one.outcome]);
const later = (seconds) => ({ LD_PRELOAD: process.env.SHIM, SHIM_CLOCK: String(seconds) });

test('a person who clicks through the sign-in is signed in, and the browser says so', async (t) => {
    const aws = await AwsMachine.start(t, []);
    const { page, complaints } = await openPage(t, aws.stage);
    await corp(aws);
    const browser = aws.stage.browser();
    const login = aws.stage.start(programs.hearth, ['login', 'corp', '--json'], { env: browser.env });
    const url = await browser.url();
    assert.equal(new URL(url).searchParams.get('scopes'), 'sso:account:access');
    await page.goto(url);
    await page.getByRole('button', { name: /allow/i }).click();
    assert.equal((await login.ended).status, 0, login.stderr);
    await page.waitForLoadState();
    const address = new URL(page.url());
    assert.equal(address.hostname, '127.0.0.1');
    assert.equal(address.search, '', 'neither code nor state stay in the address bar');
    assert.match(await page.locator('body').innerText(), /signed in/i);
    assert.deepEqual(complaints, []);
    assert.deepEqual(await grants(aws), [['aws', 'authorization_code', 'issued']]);
    const status = await aws.stage.profileStatus('corp');
    assert.deepEqual([status.state, status.account], ['fresh', aws.told.sso_start_url]);
});

test('a person who denies is told so, in the browser and at the terminal', async (t) => {
    const aws = await AwsMachine.start(t, []);
    const { page } = await openPage(t, aws.stage);
    await corp(aws);
    const browser = aws.stage.browser();
    const login = aws.stage.start(programs.hearth, ['login', 'corp'], { env: browser.env });
    await page.goto(await browser.url());
    await page.getByRole('button', { name: /deny/i }).click();
    assert.notEqual((await login.ended).status, 0);
    await page.waitForLoadState();
    assert.doesNotMatch(await page.locator('body').innerText(), /you are signed in/i);
    assert.equal((await aws.stage.profileStatus('corp')).state, 'signed_out');
});

test('a person signs in on another device', async (t) => {
    const aws = await AwsMachine.start(t, approving);
    await corp(aws);
    const lines = (await aws.stage.ok(['login', 'corp', '--device', '--json'])).trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.find((line) => line.event === 'code').verification_uri, `${aws.sandbox.origin}/device`);
    assert.equal(lines.at(-1).event, 'done');
    const asked = await grants(aws);
    assert.deepEqual(asked.at(-1), ['aws', 'device_code', 'issued']);
    assert.ok(await aws.stage.token('corp'));
});

test('the sign-in is renewed by its refresh token, and by the registration that it was made with', async (t) => {
    const aws = await signedIn(t);
    const first = await aws.stage.token('corp');
    await aws.stage.stopAgent();
    const second = await aws.stage.token('corp', { env: later(lifetime + 1) });
    assert.notEqual(second, first);
    assert.deepEqual(await grants(aws), [['aws', 'authorization_code', 'issued'], ['aws', 'refresh_token', 'issued']]);
});

test('a registration that has ended, and a sign-in that was revoked, want the person', async (t) => {
    const aws = await AwsMachine.start(t, approving);
    await corp(aws);
    await aws.control({ registration_lifetime: lifetime });
    const login = () => aws.stage.ok(['login', 'corp'], { env: { BROWSER: aws.stage.clicker() } });
    await login();
    await aws.stage.stopAgent();
    const asked = (await grants(aws)).length;
    const ended = expectStatus(await aws.stage.hearth(['token', 'corp'], { env: later(lifetime + 1) }), 3);
    assert.match(ended.stderr, /registration with IAM Identity Center ended/);
    assert.equal((await grants(aws)).length, asked, 'nobody was asked');
    await aws.stage.stopAgent();

    await aws.control({ registration_lifetime: 90 * 86400 });
    await login();
    await aws.stage.stopAgent();
    await aws.sandbox.revokeFamilies();
    const revoked = expectStatus(await aws.stage.hearth(['token', 'corp'], { env: later(lifetime + 1) }), 3);
    assert.match(revoked.stderr, /InvalidGrantException/);
});

test('the roles of a sign-in are listed, and one of them becomes a profile that the AWS CLI uses', async (t) => {
    const aws = await signedIn(t);
    const { stage } = aws;
    const { roles } = await stage.json(['aws', 'roles', 'corp']);
    assert.deepEqual(
        roles.map((one) => `${one.account_id} ${one.role_name}`),
        ['111122223333 Developer', '111122223333 ReadOnly', '444455556666 ReadOnly'],
    );
    assert.deepEqual(roles[2], {
        account_id: '444455556666',
        account_name: 'Sandbox production',
        email: '444455556666@example.com',
        role_name: 'ReadOnly',
    });
    const table = (await stage.ok(['aws', 'roles', 'corp', '--account', '444455556666'])).trim().split('\n');
    assert.equal(table.length, 2);
    assert.match(table[1], /^444455556666 +Sandbox production +444455556666@example.com +ReadOnly$/);

    const add = ['aws', 'roles', 'corp', '--account', '111122223333', '--add', 'dev'];
    const two = expectStatus(await stage.hearth(add), 2);
    assert.match(two.stderr, /2 roles fit/);
    const none = expectStatus(await stage.hearth([...add, '--role', 'Owner']), 2);
    assert.match(none.stderr, /no role 'Owner' of account 111122223333/);
    expectStatus(await stage.hearth(['aws', 'roles', 'corp', '--role', 'Developer']), 2);
    await stage.ok(['config', 'set', 'profiles.corp.region', aws.told.region]);
    await stage.ok([...add, '--role', 'Developer']);
    const { provider, region, ...others } = Object.fromEntries((await stage.json(['profile', 'show', 'dev'])).settings);
    assert.deepEqual([provider, region], ['aws', aws.told.region]);
    assert.deepEqual([others.sso_profile, others.sso_account_id, others.sso_role_name], ['corp', '111122223333', 'Developer']);
    useFromCli(aws, 'dev');
    assert.match(await aws.identity('dev'), developer);
    assert.match(await aws.identity('dev'), developer);
    assert.equal(await aws.count('GetRoleCredentials'), 1, 'the keys are kept');
});

test('a person at a terminal picks a role by its number', async (t) => {
    const aws = await signedIn(t);
    const terminal = aws.stage.terminal([programs.hearth, 'aws', 'roles', 'corp']);
    await terminal.sees('444455556666');
    await terminal.sees('Number of the role');
    terminal.types('7\n');
    await terminal.sees('There is no such number.');
    await terminal.sees('Number of the role');
    terminal.types('3\n');
    await terminal.sees('Name of the profile [sandbox-production-readonly]');
    terminal.types('\n');
    await terminal.sees("Added 'sandbox-production-readonly'");
    assert.equal((await terminal.ended).status, 0);
    useFromCli(aws, 'sandbox-production-readonly');
    assert.match(await aws.identity('sandbox-production-readonly'), /444455556666:assumed-role\/AWSReservedSSO_ReadOnly/);
});

test('a token that the portal takes no more is renewed before the roles are listed', async (t) => {
    const aws = await signedIn(t);
    await aws.stage.token('corp');
    await aws.stage.stopAgent();
    await aws.sandbox.expire();
    // More than a minute after the sign-in: what is refused sooner another renewal would not help.
    const { roles } = await aws.stage.json(['aws', 'roles', 'corp'], { env: later(90) });
    assert.equal(roles.length, 3);
    assert.deepEqual((await grants(aws)).at(-1), ['aws', 'refresh_token', 'issued']);

    await aws.stage.ok(['login', 'corp'], { env: { BROWSER: aws.stage.clicker() } });
    await aws.sandbox.revokeFamilies();
    const over = expectStatus(await aws.stage.hearth(['aws', 'roles', 'corp']), 3);
    assert.match(over.stderr, /UnauthorizedException.*: the sign-in to IAM Identity Center is over/);
    assert.match(over.stderr, /hint: hearth login corp/);
});

test('a role that the sign-in may not take is refused by its name and account', async (t) => {
    const aws = await signedIn(t);
    const role = { sso_profile: 'corp', sso_account_id: '444455556666', sso_role_name: 'Owner' };
    await aws.stage.ok(['profile', 'add', 'owner', '--provider', 'aws', ...pairs(role)]);
    const refused = expectStatus(await aws.stage.hearth(['credentials', 'owner']), 6);
    assert.match(refused.stderr, /role 'Owner' of account 444455556666 .*\(ForbiddenException: No access\)/);
    assert.match(refused.stderr, /hint: .*hearth aws roles/);
});

test('a portal that is busy takes no keys away', async (t) => {
    const aws = await signedIn(t);
    const role = { sso_profile: 'corp', sso_account_id: '111122223333', sso_role_name: 'Developer' };
    await aws.stage.ok(['profile', 'add', 'dev', '--provider', 'aws', ...pairs(role)]);
    const keys = await aws.stage.ok(['credentials', 'dev']);
    for (const fault of ['portal:status=429', 'portal:status=503', 'portal:drop-before']) {
        await aws.sandbox.fault(fault);
        expectStatus(await aws.stage.hearth(['aws', 'roles', 'corp']), 4);
        assert.equal(await aws.stage.ok(['credentials', 'dev']), keys, fault);
    }
    await aws.sandbox.calm();
    await aws.stage.ok(['aws', 'roles', 'corp']);
});

test('what does not sign in to Identity Center has no roles to list', async (t) => {
    const aws = await AwsMachine.start(t, approving);
    await aws.sandbox.profile('demo');
    const other = expectStatus(await aws.stage.hearth(['aws', 'roles', 'demo']), 2);
    assert.match(other.stderr, /does not sign in to IAM Identity Center/);
    await corp(aws);
    const nobody = expectStatus(await aws.stage.hearth(['aws', 'roles', 'corp']), 3);
    assert.match(nobody.stderr, /hearth login corp/);
});

test('signing out ends the sign-in at the portal, and the roles want the person', async (t) => {
    const aws = await signedIn(t);
    const { stage } = aws;
    await stage.ok(['aws', 'roles', 'corp', '--account', '111122223333', '--role', 'ReadOnly', '--add', 'reader']);
    await stage.ok(['credentials', 'reader']);
    await stage.ok(['logout', 'corp']);
    assert.deepEqual(await aws.sandbox.liveFamilies(), []);
    const other = { sso_profile: 'corp', sso_account_id: '111122223333', sso_role_name: 'Developer' };
    await stage.ok(['profile', 'add', 'dev', '--provider', 'aws', ...pairs(other)]);
    const wanting = expectStatus(await stage.hearth(['credentials', 'dev']), 3);
    assert.match(wanting.stderr, /hearth login corp/);
});

test("the AWS CLI's own sign-in is used where the profile names no other, and is left as it is", async (t) => {
    const aws = await AwsMachine.start(t, ['--auto-approve', '--device-interval', '1']);
    const { region, sso_start_url, sso_portal } = aws.told;
    aws.config(
        `[sso-session here]\nsso_region = ${region}\nsso_start_url = ${sso_start_url}\nsso_registration_scopes = sso:account:access\n` +
            `[profile one]\nregion = ${region}\nsso_session = here\nsso_account_id = 111122223333\nsso_role_name = Developer\n`,
    );
    const settings = { aws_profile: 'one', sso_portal_endpoint: sso_portal };
    await aws.stage.ok(['profile', 'add', 'one', '--provider', 'aws', ...pairs(settings)]);
    const before = expectStatus(await aws.stage.hearth(['credentials', 'one']), 3);
    assert.match(before.stderr, /\.aws\/sso\/cache\/[0-9a-f]{40}\.json/);
    assert.match(before.stderr, /hint: aws sso login --sso-session here/);

    expectStatus(await aws.cli(['sso', 'login', '--profile', 'one']), 0);
    const folder = join(aws.folder, 'sso', 'cache');
    const contents = () => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    const cached = contents();
    const keys = JSON.parse(await aws.stage.ok(['credentials', 'one', '--format', 'aws-process']));
    assert.match(keys.AccessKeyId, /^ASIA/);
    assert.deepEqual(contents(), cached);

    const [name] = Object.entries(cached).find(([, text]) => JSON.parse(text).accessToken);
    writeFileSync(join(folder, name), JSON.stringify({ ...JSON.parse(cached[name]), expiresAt: '2020-01-02T03:04:05Z' }));
    const fresh = { aws_profile: 'one', sso_portal_endpoint: sso_portal };
    await aws.stage.ok(['profile', 'add', 'two', '--provider', 'aws', ...pairs(fresh)]);
    const expired = expectStatus(await aws.stage.hearth(['credentials', 'two']), 3);
    assert.match(expired.stderr, /expired at 2020-01-02T03:04:05Z/);
    assert.match(expired.stderr, new RegExp(name));
});
