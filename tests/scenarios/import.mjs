// What other tools have signed in to, read when a person says so and taken over. Their files stay as they are.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { accountOf, everything, put, putAntProfile, renewElsewhere, signInElsewhere } from '../support/other_tools.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs } from '../support/stage.mjs';

const hour = 3600;
// An hour at most is left, and a little less than the provider would give.
const almostNew = () => ({ credential: { expires_at: Math.floor(Date.now() / 1000) + hour - 60 } });
const past = { credential: { expires_at: 1_700_000_000 } };

async function open(t, variables = {}, parameters = []) {
    const stage = Stage.open(t, { variables });
    return { stage, sandbox: await Sandbox.start(stage, ['--auto-approve', ...parameters]), user: stage.variables.HOME };
}

const found = async (stage, ...words) => (await stage.json(['import', '--dry-run', ...words])).found;
const profiles = async (stage) => (await stage.json(['profile', 'list'])).profiles.map((profile) => profile.name);

// Something of every tool, some of it with secrets that must show nowhere.
async function plantEverything(stage, sandbox, user) {
    const tokens = await signInElsewhere(sandbox, 'claude');
    putAntProfile(stage, sandbox, tokens);
    putAntProfile(stage, sandbox, { access_token: 'sk-ant-oat01-s3cret' }, { name: 'kept', authentication: { client_id: undefined } });
    putAntProfile(stage, sandbox, {}, { name: 'workload', authentication: { type: 'oidc_federation' } });
    put(join(user, '.aws', 'credentials'), '[prod]\naws_access_key_id = AKIAs3cret\naws_secret_access_key = s3cret\n\n[other]\nregion = x\n');
    put(join(user, '.aws', 'sso', 'cache', 'a.json'), { startUrl: 'https://d-1.example/start', accessToken: 's3cret', expiresAt: '2030-01-02T03:04:05UTC', refreshToken: 's3cret' });
    put(join(user, '.aws', 'sso', 'cache', 'b.json'), { clientId: 'c', clientSecret: 's3cret', expiresAt: '2030-01-02T03:04:05Z' });
    put(join(user, '.aws', 'cli', 'cache', 'c.json'), { Credentials: { AccessKeyId: 'ASIAs3cret', SecretAccessKey: 's3cret', Expiration: '2030-01-02T03:04:05Z', AccountId: '123456789012' } });
    put(join(user, '.aws', 'login', 'cache', 'd.json'), { accessToken: { secretAccessKey: 's3cret', accountId: '210987654321' }, refreshToken: 's3cret', dpopKey: 's3cret' });
    put(join(user, '.config', 'gcloud', 'application_default_credentials.json'), { type: 'authorized_user', account: 'robin@corp.example', client_id: 'c', client_secret: 's3cret', refresh_token: 's3cret' });
    put(join(user, '.config', 'gh', 'hosts.yml'), 'github.com:\n    user: robin\n    oauth_token: gho_s3cret\n    git_protocol: https\n');
    put(join(user, '.config', 'oidc-agent', 'lab'), 'a1b2c3 this is encrypted\n');
    put(join(user, '.config', 'oidc-agent', 'issuer.config'), 'https://issuer.example lab\n');
    return tokens;
}

test('a dry run says what is there, shows no secret, and changes nothing', async (t) => {
    const { stage, sandbox, user } = await open(t);
    const tokens = await plantEverything(stage, sandbox, user);
    const before = [everything(user), everything(stage.home)];
    const text = await stage.hearth(['import', '--dry-run']);
    const json = await stage.hearth(['import', '--dry-run', '--json']);
    assert.deepEqual([everything(user), everything(stage.home)], before);
    assert.equal(await stage.agentPid(), undefined, 'an agent was started');
    for (const said of [expectStatus(text, 0), expectStatus(json, 0)])
        for (const secret of ['s3cret', tokens.access_token, tokens.refresh_token]) assert.ok(!(said.stdout + said.stderr).includes(secret), said.stdout);

    const told = JSON.parse(json.stdout).found.map(({ source, profile, account, obstacle }) => [source, profile, account, obstacle]);
    assert.deepEqual(told, [
        ['ant', 'claude', 'robin@sandbox.example', null],
        ['ant', null, null, 'it names no client, which says that another program keeps it fresh'],
        ['ant', null, null, 'it signs in by workload identity, without a session to take over'],
        ['aws', null, 'prod', 'it is used where it is: hearth profile add NAME --provider aws --set aws_profile=PROFILE'],
        ['aws', null, null, 'hearth signs in by itself: hearth profile add NAME --provider aws --set sso_start_url=URL --set sso_region=REGION'],
        ['aws', null, '123456789012', 'it cannot be renewed without what it was made with'],
        ['aws', null, '210987654321', 'hearth cannot hold a sign-in of aws login yet'],
        ['gcloud', null, 'robin@corp.example', 'it is used where it is: hearth profile add NAME --provider google'],
        ['gh', null, 'robin', 'hearth has no provider for GitHub yet, and this token does not need to be renewed'],
        ['oidc-agent', null, null, 'it is encrypted, or no account at all'],
    ]);
    const paths = JSON.parse(json.stdout).found.map((one) => one.path);
    for (const path of paths) assert.ok(text.stdout.includes(path), path);
    assert.match(text.stdout, /can become the profile claude\n {2}warning: two programs would renew .* ant auth logout\n/);
    assert.match(text.stdout, /hint: oidc-gen --print lab \| hearth import oidc-agent --file - --yes/);
    assert.deepEqual((await found(stage, 'gh', 'aws')).map((one) => one.source), ['gh', 'aws', 'aws', 'aws', 'aws']);
});

for (const [how, variables] of [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]]) {
    test(`a profile of ant becomes a session that serves and renews, and its files stay, ${how}`, async (t) => {
        const { stage, sandbox, user } = await open(t, variables);
        const tokens = await signInElsewhere(sandbox, 'claude');
        putAntProfile(stage, sandbox, tokens, almostNew());
        const before = everything(user);
        const done = expectStatus(await stage.hearth(['import', 'ant', '--yes']), 0);
        assert.match(done.stderr, /^Imported as the profile claude, signed in as robin@sandbox\.example\.$/m);
        assert.match(done.stderr, /^ATTENTION: two programs now hold one refresh token: hearth, and ant in \S+default\.json\.$/m);
        assert.match(done.stderr, /may take that for a theft and end the session/);
        assert.match(done.stderr, /^ {2}ant auth logout$/m);
        assert.equal(done.stdout, '');

        assert.equal(await stage.token('claude'), tokens.access_token, 'what still serves is handed out');
        assert.deepEqual(await sandbox.refreshes(), [], 'importing spent the refresh token');
        const next = (await stage.ok(['token', 'claude', '--min-ttl', '3590'])).trim();
        assert.notEqual(next, tokens.access_token);
        assert.equal((await sandbox.renewals()).length, 1);
        assert.match(await stage.ok(['whoami', 'claude']), /robin@sandbox\.example/);
        assert.equal((await stage.profileStatus('claude')).organization, tokens.organization.name);
        assert.deepEqual(everything(user), before);
    });

    test(`what has expired is renewed at once, ${how}`, async (t) => {
        const { stage, sandbox } = await open(t, variables);
        const tokens = await signInElsewhere(sandbox, 'claude');
        putAntProfile(stage, sandbox, tokens, { name: 'work', ...past });
        const { imported, failed } = JSON.parse(expectStatus(await stage.hearth(['import', 'ant', '--yes', '--json']), 0).stdout);
        assert.deepEqual([imported.length, failed], [1, []]);
        assert.deepEqual([imported[0].profile, imported[0].problem, imported[0].release], ['work', null, 'ANTHROPIC_PROFILE=work ant auth logout']);
        assert.equal((await sandbox.renewals()).length, 1);
        const [family] = await sandbox.liveFamilies();
        assert.equal(family.state, 'live');
        assert.notEqual(await stage.token('work'), tokens.access_token);
        assert.equal((await sandbox.renewals()).length, 1);
    });

    test(`an account of oidc-agent comes through stdin, ${how}`, async (t) => {
        const { stage, sandbox } = await open(t, variables);
        const secret = sandbox.told.secret_client_secret;
        const tokens = await signInElsewhere(sandbox, 'oidc', { client: 'sandbox-secret', secret });
        // The tool writes a slash behind the issuer that the server does not have.
        const account = accountOf(sandbox, tokens, { client: 'sandbox-secret', client_secret: secret, issuer_url: `${sandbox.told.issuer}/` });
        const done = expectStatus(await stage.hearth(['import', 'oidc-agent', '--file', '-', '--yes'], { input: JSON.stringify(account) }), 0);
        assert.match(done.stderr, /hearth, and oidc-agent in stdin/);
        assert.match(done.stderr, /^ {2}oidc-add --remove work$/m);
        const answer = await fetch(sandbox.told.userinfo, { headers: { authorization: `Bearer ${await stage.token('work')}` } });
        assert.equal(answer.status, 200);
        assert.equal((await sandbox.renewals()).length, 1);
        const config = readFileSync(join(stage.home, 'config.toml'), 'utf8');
        assert.match(config, /client_id = "sandbox-secret"/);
        assert.ok(!config.includes(secret), 'the client secret lies in the open');
        for (const said of [done.stdout, done.stderr]) for (const one of [secret, tokens.refresh_token]) assert.ok(!said.includes(one), said);
    });
}

test('the warning is true: two owners that both renew end the session for both', async (t) => {
    const { stage, sandbox } = await open(t);
    const tokens = await signInElsewhere(sandbox, 'claude');
    putAntProfile(stage, sandbox, tokens, almostNew());
    expectStatus(await stage.hearth(['import', 'ant', '--yes']), 0);
    const theirs = await renewElsewhere(sandbox, tokens);
    assert.equal((await sandbox.liveFamilies()).length, 1);
    // What still serves is handed out; the renewal behind it was refused for good.
    assert.equal((await stage.ok(['token', 'claude', '--min-ttl', '3590'])).trim(), tokens.access_token);
    assert.equal((await stage.profileStatus('claude')).state, 'sign_in_needed');
    assert.deepEqual(await sandbox.liveFamilies(), []);
    const refused = await fetch(sandbox.told.profile_url, { headers: { authorization: `Bearer ${theirs.access_token}`, 'anthropic-beta': 'oauth-2025-04-20' } });
    assert.equal(refused.status, 401);
});

test('an API key is tried and kept like one that is typed', async (t) => {
    const { stage, sandbox } = await open(t);
    const [key] = sandbox.told.api_keys;
    putAntProfile(stage, sandbox, { access_token: key }, { name: 'console' });
    const done = expectStatus(await stage.hearth(['import', '--as', 'claude', '--yes']), 0);
    assert.ok(!done.stderr.includes(key) && !done.stderr.includes('ATTENTION'), done.stderr);
    assert.equal(await stage.token('claude'), key);
    assert.equal((await sandbox.records()).counts.models, 1);
    putAntProfile(stage, sandbox, { access_token: 'sk-ant-api03-unknown' }, { name: 'console' });
    const refused = expectStatus(await stage.hearth(['import', '--as', 'other', '--yes']), 3);
    assert.match(refused.stderr, /the key was refused, and is not kept/);
    assert.deepEqual(await profiles(stage), ['claude']);
    // A profile that holds a key is left alone.
    const taken = expectStatus(await stage.hearth(['import', '--as', 'claude', '--yes']), 2);
    assert.match(taken.stderr, /there is another profile that is called 'claude'/);
    assert.equal(await stage.token('claude'), key);
});

test('without a store nothing is kept, and the next import goes on with the profile', async (t) => {
    const stage = Stage.open(t, { store: 'unset', variables: { HEARTH_NO_AGENT: '1' } });
    const sandbox = await Sandbox.start(stage);
    putAntProfile(stage, sandbox, { access_token: sandbox.told.api_keys[0] });
    expectStatus(await stage.hearth(['import', '--yes']), 5);
    stage.configure(`[store]\nkind = "sealed"\nkey_file = "${stage.home}/key"\n`);
    expectStatus(await stage.hearth(['import', '--yes']), 0);
    assert.equal(await stage.token('claude'), sandbox.told.api_keys[0]);
});

test('nothing is imported before somebody agrees', async (t) => {
    const { stage, sandbox } = await open(t);
    putAntProfile(stage, sandbox, await signInElsewhere(sandbox, 'claude'));
    const before = everything(stage.home);
    const alone = expectStatus(await stage.hearth(['import']), 6);
    assert.match(alone.stderr, /nothing is imported, for nobody is there to be asked\nhint: hearth import at a terminal, or with --yes/);
    assert.deepEqual(everything(stage.home), before);
    for (const [typed, status] of [['n', 6], ['y', 0]]) {
        const terminal = stage.terminal([programs.hearth, 'import', 'ant']);
        await terminal.sees('Import it? [y/N] ');
        terminal.types(`${typed}\n`);
        assert.equal((await terminal.ended).status, status, terminal.shown);
        if (status) assert.deepEqual(everything(stage.home), before);
    }
    assert.deepEqual(await profiles(stage), ['claude']);
});

test('a session that is there is never replaced by what may be older', async (t) => {
    const { stage, sandbox } = await open(t);
    putAntProfile(stage, sandbox, await signInElsewhere(sandbox, 'claude'), past);
    expectStatus(await stage.hearth(['import', 'ant', '--yes']), 0);
    const token = await stage.token('claude');
    const again = expectStatus(await stage.hearth(['import', 'ant', '--yes']), 6);
    assert.match(again.stderr, /'claude' has a session already, which may be newer/);
    assert.equal(await stage.token('claude'), token);
    assert.equal((await sandbox.liveFamilies()).length, 1, 'the spent token was sent');
    await stage.ok(['profile', 'add', 'taken', '--provider', 'oidc', '--issuer', 'https://elsewhere.example']);
    const other = expectStatus(await stage.hearth(['import', 'ant', '--as', 'taken', '--yes']), 2);
    assert.match(other.stderr, /there is another profile that is called 'taken'\nhint: hearth import SOURCE --as NAME/);
});

test('an import that fails leaves no profile behind', async (t) => {
    const { stage, sandbox } = await open(t);
    const tokens = await signInElsewhere(sandbox, 'claude');
    putAntProfile(stage, sandbox, tokens, { config: { organization_id: 'o-other' } });
    const foreign = expectStatus(await stage.hearth(['import', 'ant', '--yes']), 6);
    assert.match(foreign.stderr, /another organisation than profile 'claude' asks for: Sandbox Organization/);
    assert.deepEqual(await profiles(stage), []);

    putAntProfile(stage, sandbox, { ...tokens, refresh_token: 'unknown' }, past);
    const dead = expectStatus(await stage.hearth(['import', 'ant', '--yes']), 3);
    assert.match(dead.stderr, /the provider does not take its refresh token any more/);
    assert.deepEqual(await profiles(stage), []);

    const file = stage.file('account.json', JSON.stringify(accountOf(sandbox, tokens)));
    await sandbox.server.stop();
    expectStatus(await stage.hearth(['import', 'oidc-agent', '--file', file, '--yes']), 4);
    assert.deepEqual(await profiles(stage), []);
});

test('what a profile requires counts for an import as well', async (t) => {
    const { stage, sandbox } = await open(t);
    const tokens = await signInElsewhere(sandbox, 'claude');
    await sandbox.profile('claude', { provider: 'claude', settings: ['require_organization=o-wanted'] });
    // What the file claims is not believed while the provider can be asked.
    putAntProfile(stage, sandbox, tokens, { credential: { organization_uuid: 'o-wanted' } });
    const refused = expectStatus(await stage.hearth(['import', 'ant', '--yes']), 6);
    assert.match(refused.stderr, /'claude' requires the organisation o-wanted, and this session is of Sandbox Organization/);
    assert.deepEqual(await profiles(stage), ['claude'], 'a profile that was there stays');
    assert.equal((await stage.profileStatus('claude')).state, 'signed_out');
});

const lines = (finding) => [finding.obstacle, ...finding.warnings.map((warning) => warning.text)];

test('whatever lies in the place of a file is told in a line, and is no reason to hang', async (t) => {
    const { stage, user } = await open(t);
    const folder = join(user, '.aws', 'sso', 'cache');
    const good = { startUrl: 'https://d-1.example', accessToken: 's3cret' };
    const places = {
        'a.json': () => execFileSync('mkfifo', [join(folder, 'a.json')]),
        'b.json': () => symlinkSync('b.json', join(folder, 'b.json')),
        'c.json': () => symlinkSync('/etc/passwd', join(folder, 'c.json')),
        'd.json': (path) => truncateSync(put(path, ''), 1 << 30),
        'e.json': (path) => mkdirSync(path),
        'f.json': (path) => put(path, 's3cret is not JSON'),
        'g.json': (path) => put(path, Buffer.from([0x22, 0xff, 0xfe, 0x22])),
        'h.json': (path) => put(path, '['.repeat(200_000)),
        'i.json': (path) => put(path, { startUrl: ['s3cret'], accessToken: { s3cret: 1 }, expiresAt: 5 }),
        'j.json': (path) => put(path, good, 0o602),
        'k.json': (path) => put(path, good, 0o644),
        'l.json': (path) => put(path, { ...good, startUrl: 'x\u001b]0;owned\u0007\u202e' }),
        'm.json': (path) => put(path, ''),
    };
    put(join(folder, 'zz'), 'not looked at');
    for (const [name, make] of Object.entries(places)) make(join(folder, name));
    const told = await found(stage, 'aws');
    const byName = Object.fromEntries(told.map((finding) => [finding.path.split('/').pop(), lines(finding)]));
    const none = 'hearth signs in by itself: hearth profile add NAME --provider aws --set sso_start_url=URL --set sso_region=REGION';
    assert.deepEqual(byName, {
        'a.json': ['it is not a file'],
        'b.json': ['it is a symbolic link'],
        'c.json': ['it is a symbolic link'],
        'd.json': ['it is longer than 256 KiB'],
        'e.json': ['it is not a file'],
        'f.json': ['it is not a JSON object'],
        'g.json': ['it is not UTF-8 text'],
        'h.json': ['it is not a JSON object'],
        'j.json': ['it can be written by others'],
        'k.json': [none, `others may read this file: chmod 600 ${join(folder, 'k.json')}`],
        'l.json': [none],
        'm.json': ['it is not a JSON object'],
    });
    const shown = await stage.ok(['import', 'aws', '--dry-run']);
    assert.ok(!/[\u001b\u0007\u202e]|s3cret/.test(shown), shown);
    chmodSync(folder, 0o700);
    expectStatus(await stage.hearth(['import', 'aws', '--yes']), 1);
});

test('wrong types and odd values in what could be imported are refused one by one', async (t) => {
    const { stage, sandbox } = await open(t);
    const tokens = { access_token: 'sk-ant-oat01-x', refresh_token: 's3cret', expires_in: hour };
    const cases = [
        [{ credential: { type: 'password' } }, /of a kind that hearth does not know/],
        [{ credential: { refresh_token: ['s3cret'] } }, /no refresh token/],
        [{ authentication: { client_id: undefined } }, /it names no client, which says that another program keeps it fresh/],
        [{ authentication: { client_id: { s3cret: 1 } } }, /it names no client/],
        [{ authentication: { type: 'magic' } }, /in a way that hearth does not know/],
        [{ config: { base_url: 'not an address' } }, /its base_url is not an address/],
        [{ config: { base_url: 'x'.repeat(2000) } }, null],
    ];
    for (const [changes, obstacle] of cases) {
        putAntProfile(stage, sandbox, tokens, changes);
        const [finding] = await found(stage, 'ant');
        if (obstacle) assert.match(finding.obstacle ?? '', obstacle);
        assert.ok(!JSON.stringify(finding).includes('s3cret'));
    }
    putAntProfile(stage, sandbox, tokens, { config: { base_url: 'http://elsewhere.example' } });
    const plain = await stage.hearth(['import', 'ant', '--yes']);
    assert.notEqual(plain.status, 0, 'a token was to be sent in the clear');
    for (const [words, text] of [
        [['import', 'netscape'], /hearth imports nothing from 'netscape'\nhint: one of ant, aws/],
        [['import', '--file', 'x'], /--file goes with one SOURCE/],
        [['import', 'gh', '--file', join(stage.root, 'absent')], /there is nothing of gh in/],
        [['import', '--as', '../x', '--dry-run'], /hearth: /],
    ])
        assert.match(expectStatus(await stage.hearth(words), 2).stderr, text);
    put(join(stage.variables.HOME, '.config', 'anthropic', 'configs', 'second.json'), readFileSync(putAntProfile(stage, sandbox, tokens)));
    putAntProfile(stage, sandbox, tokens, { name: 'second' });
    assert.match(expectStatus(await stage.hearth(['import', 'ant', '--as', 'one', '--dry-run']), 2).stderr, /--as names one profile, and there are 2 things to import/);
});

test('the variables of the tools say where they keep their things', async (t) => {
    const { stage } = await open(t);
    const at = (name) => join(stage.root, 'elsewhere', name);
    put(at('hosts.yml'), 'git.example:\n  user: robin\n');
    put(at('keys'), '[profile one]\naws_access_key_id=x\n');
    put(at('adc.json'), { type: 'service_account', client_email: 'robot@project.example' });
    put(at('configs/default.json'), { authentication: { type: 'user_oauth' } });
    const env = {
        GH_CONFIG_DIR: at('.'), AWS_SHARED_CREDENTIALS_FILE: at('keys'), AWS_CONFIG_FILE: at('none'), CLOUDSDK_CONFIG: at('none'),
        GOOGLE_APPLICATION_CREDENTIALS: at('adc.json'), ANTHROPIC_CONFIG_DIR: at('.'), OIDC_CONFIG_DIR: 'relative',
    };
    const told = (await stage.json(['import', '--dry-run'], { env })).found.map(({ source, account, server }) => [source, account ?? server]);
    assert.deepEqual(told, [['ant', 'https://api.anthropic.com'], ['aws', 'one'], ['gcloud', 'robot@project.example'], ['gh', 'robin']]);
});

test('without a home folder there is nowhere to look, and nothing at the root is read', async (t) => {
    const { stage } = await open(t);
    assert.deepEqual((await stage.json(['import', '--dry-run'], { env: { HOME: '', XDG_CONFIG_HOME: 'relative' } })).found, []);
});
