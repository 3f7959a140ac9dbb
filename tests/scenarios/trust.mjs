// A project's folder may name profiles; nothing in it runs, connects or takes a session before the person trusts it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync, chmodSync, chownSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus, programs, until } from '../support/stage.mjs';

const ways = [['with an agent', {}], ['without one', { HEARTH_NO_AGENT: '1' }]];
const ownKey = 'sk-ant-api03-the-persons-own';

// A project in the home, and what is run there.
class Folder {
    constructor(stage, name = 'app', text) {
        this.stage = stage;
        this.path = join(stage.root, 'user', name);
        mkdirSync(this.path, { recursive: true, mode: 0o755 });
        if (text !== undefined) this.write(text);
    }
    get file() {
        return join(this.path, '.hearth.toml');
    }
    write(text, mode = 0o644) {
        writeFileSync(this.file, text);
        chmodSync(this.file, mode);
    }
    run(...words) {
        return this.stage.hearth(words, { cwd: this.path });
    }
    async ok(...words) {
        return expectStatus(await this.run(...words), 0).stdout.trim();
    }
    async refused(...words) {
        return expectStatus(await this.run(...words), 6).stderr;
    }
    trust() {
        return this.ok('trust', '--yes');
    }
}

const helper = (marker, token = 'from-the-helper') =>
    `provider = "oidc"\nissuer = "https://login.example.com"\ntoken_helper = "echo run >>'${marker}'; echo ${token}"\n`;

// A profile whose helper leaves a mark.
function withHelper(stage, name = 'app') {
    const marker = join(stage.root, `${name}-ran`);
    const folder = new Folder(stage, name, `[profiles.theirs]\n${helper(marker)}`);
    return { folder, ran: () => existsSync(marker) };
}

// Hears of everything that comes.
async function listener(t) {
    const heard = [];
    const server = http.createServer((request, response) => {
        heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    server.on('connection', () => heard.push('a connection'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return { heard, url: `http://127.0.0.1:${server.address().port}` };
}

async function withOwnKey(stage, name = 'claude') {
    await stage.ok(['profile', 'add', name, '--provider', 'claude']);
    await keep(stage, name, ownKey);
}
async function keep(stage, name, key, cwd) {
    expectStatus(await stage.hearth(['login', name, '--with-token'], { input: `${key}\n`, cwd }), 0);
}

for (const [how, variables] of ways) {
    test(`a helper runs only once its folder is trusted, ${how}`, async (t) => {
        const stage = Stage.open(t, { variables });
        const { folder, ran } = withHelper(stage);
        const stderr = await folder.refused('token', 'theirs');
        assert.match(stderr, /profile 'theirs' is in .*\/app\/\.hearth\.toml, which is not trusted/);
        assert.ok(stderr.includes(`hearth trust ${folder.path}`), stderr);
        assert.equal(ran(), false);
        await folder.trust();
        assert.equal(ran(), false, 'trusting runs nothing');
        assert.equal(await folder.ok('token', 'theirs'), 'from-the-helper');
        const below = new Folder(stage, 'app/src/deep');
        assert.equal(await below.ok('token', 'theirs'), 'from-the-helper');
    });

    test(`a file that has changed needs to be trusted again, ${how}`, async (t) => {
        const stage = Stage.open(t, { variables });
        const { folder } = withHelper(stage);
        await folder.trust();
        const before = readFileSync(folder.file, 'utf8');
        const marker = join(stage.root, 'changed');
        folder.write(`[profiles.theirs]\n${helper(marker)}`);
        assert.match(await folder.refused('token', 'theirs'), /has changed since you trusted it/);
        // Not even what only looks the same.
        folder.write(`${before}\n`);
        assert.match(await folder.refused('token', 'theirs'), /has changed since you trusted it/);
        folder.write(before);
        assert.equal(await folder.ok('token', 'theirs'), 'from-the-helper');
        assert.equal(existsSync(marker), false);
    });

    test(`a profile of the person's is never the folder's, ${how}`, async (t) => {
        const stage = Stage.open(t, { variables });
        const { heard, url } = await listener(t);
        await withOwnKey(stage);
        const marker = join(stage.root, 'ran');
        const hostile = `[profiles.claude]\nprovider = "claude"\nbase_url = "${url}"\nconsole_url = "${url}"\nprofile_url = "${url}"\napi_key_helper = "echo run >'${marker}'; echo stolen"\n`;
        const folder = new Folder(stage, 'app', hostile);
        for (const trusted of [false, true]) {
            if (trusted) await folder.trust();
            assert.equal(await folder.ok('token', 'claude'), ownKey);
            assert.match(await folder.ok('headers', 'claude', '--url', 'https://api.anthropic.com/v1/messages'), new RegExp(ownKey));
            assert.match(await folder.ok('explain', 'claude'), /it names a profile 'claude', too; your own comes before it/);
            assert.equal(await folder.ok('profile', 'show', 'claude'), await stage.ok(['profile', 'show', 'claude']).then((text) => text.trim()));
        }
        assert.deepEqual(heard, []);
        assert.equal(existsSync(marker), false);
    });
}

test("the person's own sign-in is renewed and asked about where it was made, whatever the folder says", async (t) => {
    const stage = Stage.open(t);
    const { heard, url } = await listener(t);
    const sandbox = await Sandbox.start(stage);
    await sandbox.profile('work');
    await sandbox.signIn('work');
    const endpoints = ['authorization_endpoint', 'token_endpoint', 'revocation_endpoint', 'userinfo_endpoint', 'registration_endpoint', 'jwks_uri'];
    const hostile = endpoints.map((key) => `${key} = "${url}/${key}"\n`).join('');
    const folder = new Folder(stage, 'app', `profile = "work"\n[profiles.work]\nprovider = "oidc"\nissuer = "${sandbox.told.issuer}"\nclient_id = "sandbox"\n${hostile}`);
    await folder.trust();
    const first = await folder.ok('token');
    const refused = await stage.hearth(['rejected', 'work'], { input: `${first}\n`, cwd: folder.path });
    assert.notEqual(refused.stdout.trim(), first);
    await folder.ok('whoami', 'work');
    expectStatus(await folder.run('logout', 'work'), 0);
    assert.deepEqual(heard, []);
    assert.equal((await sandbox.liveFamilies()).length, 0, 'it was revoked where it came from');
});

test('a folder cannot take a session by naming it', async (t) => {
    const stage = Stage.open(t);
    const { heard, url } = await listener(t);
    await withOwnKey(stage);
    const folder = new Folder(stage, 'app', `[profiles.theirs]\nprovider = "claude"\nbase_url = "${url}"\nsession = "claude"\n`);
    for (const words of [['token', 'theirs'], ['trust', '--yes']]) {
        const { stderr } = expectStatus(await folder.run(...words), 2);
        assert.match(stderr, /app\/\.hearth\.toml:4:1: a project's profile has a session of its own, and cannot name another/);
    }
    assert.deepEqual(heard, []);
});

test('each folder has sessions of its own, and so has the person', async (t) => {
    const stage = Stage.open(t);
    const text = '[profiles.shared]\nprovider = "claude"\n';
    const [one, two] = [new Folder(stage, 'one', text), new Folder(stage, 'two', text)];
    for (const folder of [one, two]) await folder.trust();
    await keep(stage, 'shared', 'sk-ant-api03-of-one', one.path);
    assert.equal(await one.ok('token', 'shared'), 'sk-ant-api03-of-one');
    assert.match(expectStatus(await two.run('token', 'shared'), 3).stderr, /shared: nobody is signed in\nhint: hearth login shared/);
    expectStatus(await stage.hearth(['token', 'shared'], { cwd: join(stage.root, 'user') }), 2);
    await keep(stage, 'shared', 'sk-ant-api03-of-two', two.path);
    assert.equal(await one.ok('token', 'shared'), 'sk-ant-api03-of-one');
    // From then on the person's comes first, and the folders' are still there.
    await stage.ok(['profile', 'add', 'shared', '--provider', 'claude']);
    expectStatus(await one.run('token', 'shared'), 3);
    await stage.ok(['profile', 'remove', 'shared']);
    assert.equal(await two.ok('token', 'shared'), 'sk-ant-api03-of-two');
    const { profiles } = await stage.json(['status']);
    assert.deepEqual(profiles.map((profile) => [profile.profile, profile.project]).sort(), [['shared', one.path], ['shared', two.path]]);
});

test('what was signed in to is not sent to a server that the folder names later', async (t) => {
    const stage = Stage.open(t);
    const { heard, url } = await listener(t);
    const folder = new Folder(stage, 'app', '[profiles.theirs]\nprovider = "claude"\n');
    await folder.trust();
    await keep(stage, 'theirs', 'sk-ant-api03-kept', folder.path);
    folder.write(`[profiles.theirs]\nprovider = "claude"\nbase_url = "${url}"\nprofile_url = "${url}"\n`);
    await folder.trust();
    expectStatus(await folder.run('token', 'theirs'), 3);
    expectStatus(await folder.run('whoami', 'theirs'), 3);
    assert.deepEqual(heard, []);
    // The sign-in went with the profile that it was for.
    folder.write('[profiles.theirs]\nprovider = "claude"\n');
    await folder.trust();
    expectStatus(await folder.run('token', 'theirs'), 3);
    // What sends nothing elsewhere keeps it.
    await keep(stage, 'theirs', 'sk-ant-api03-kept', folder.path);
    folder.write('[profiles.theirs]\nprovider = "claude"\nmin_remaining = "2m"\n');
    await folder.trust();
    assert.equal(await folder.ok('token', 'theirs'), 'sk-ant-api03-kept');
});

test('a folder that is moved or copied is not trusted', async (t) => {
    const stage = Stage.open(t);
    const { folder, ran } = withHelper(stage);
    await folder.trust();
    const copy = new Folder(stage, 'copy', readFileSync(folder.file, 'utf8'));
    assert.match(await copy.refused('token', 'theirs'), /is not trusted/);
    const moved = new Folder(stage, 'moved');
    rmSync(moved.path, { recursive: true });
    renameSync(folder.path, moved.path);
    assert.match(await moved.refused('token', 'theirs'), /is not trusted/);
    // A link to it does not make it what it was, and one to a trusted folder is that folder.
    symlinkSync(moved.path, folder.path);
    assert.match(await folder.refused('token', 'theirs'), /moved\/\.hearth\.toml, which is not trusted/);
    assert.equal(ran(), false);
    renameSync(moved.path, `${moved.path}.away`);
    unlinkSync(folder.path);
    renameSync(`${moved.path}.away`, folder.path);
    symlinkSync(folder.path, moved.path);
    assert.equal(await moved.ok('token', 'theirs'), 'from-the-helper');
});

const unusable = {
    'a symbolic link': [(folder, elsewhere) => symlinkSync(elsewhere, folder.file), /is a symbolic link/],
    'a link to nothing': [(folder) => symlinkSync('/nowhere/at/all', folder.file), /is a symbolic link/],
    'a named pipe': [(folder) => execFileSync('mkfifo', [folder.file]), /is not a file/],
    'a folder': [(folder) => mkdirSync(folder.file), /is not a file/],
    'writable by everybody': [(folder) => folder.write('[profiles.theirs]\nprovider = "claude"\n', 0o646), /can be written by others/],
    'too long': [(folder) => folder.write(`#${'x'.repeat(64 * 1024)}\n`), /is longer than 64 KiB/],
    'not text': [(folder) => folder.write(Buffer.from([0x70, 0xff, 0xfe, 0x0a])), /is not UTF-8 text/],
};
if (process.getuid() === 0)
    unusable["somebody else's"] = [(folder) => (folder.write('[profiles.theirs]\nprovider = "claude"\n'), chownSync(folder.file, 4242, 4242)), /belongs to somebody else/];

for (const [what, [make, why]] of Object.entries(unusable)) {
    test(`a file that is ${what} is refused by name, and hinders nothing else`, async (t) => {
        const stage = Stage.open(t);
        await withOwnKey(stage);
        const { folder: elsewhere } = withHelper(stage, 'elsewhere');
        await elsewhere.trust();
        const folder = new Folder(stage);
        make(folder, elsewhere.file);
        for (const words of [['token', 'theirs'], ['token'], ['trust', '--yes']]) {
            const stderr = await folder.refused(...words);
            assert.match(stderr, why);
            assert.ok(stderr.includes(`${folder.path}/.hearth.toml`), stderr);
        }
        assert.equal(await folder.ok('token', 'claude'), ownKey);
        assert.match(await folder.ok('explain', 'claude'), why);
        await folder.ok('status');
    });
}

test('an error in the file names file and line, and hinders nothing else', async (t) => {
    const stage = Stage.open(t);
    await withOwnKey(stage);
    const folder = new Folder(stage);
    for (const [text, why] of [
        ['[profiles.theirs\n', /app\/\.hearth\.toml:1:\d+: this is not TOML/],
        ['profile = "x"\n[store]\nkind = "memory"\n', /\.hearth\.toml:2:\d+: 'store' is not a setting of a project's folder/],
        ['[network]\ncertificates = "/tmp/mine.pem"\n', /'network' is not a setting of a project's folder/],
        ['[sinks.a]\nprofile = "claude"\n', /'sinks' is not a setting of a project's folder/],
        ['profile = "../claude"\n', /\.hearth\.toml:1:\d+: profile is not a name/],
        ['[profiles."hearth.project.0000"]\nprovider = "claude"\n', /is a name that hearth keeps for itself/],
        ['[profiles.theirs]\nprovider = "oidc"\nisuer = "https://x"\n', /\.hearth\.toml:3:1: 'isuer' is not a key of a profile/],
    ]) {
        folder.write(text);
        for (const words of [['token', 'theirs'], ['trust', '--yes']]) assert.match(expectStatus(await folder.run(...words), 2).stderr, why);
        assert.equal(await folder.ok('token', 'claude'), ownKey);
    }
});

test('a person at a terminal is shown everything and asked', async (t) => {
    const stage = Stage.open(t);
    const { folder, ran } = withHelper(stage);
    const answer = async (typed) => {
        const terminal = stage.terminal([programs.hearth, 'trust'], { cwd: folder.path });
        await terminal.sees('Trust it? [y/N] ');
        terminal.types(typed);
        const { status } = await terminal.ended;
        return { status, shown: terminal.shown };
    };
    for (const typed of ['n\n', '\n', 'no, y\n', '\x04']) {
        const { status, shown } = await answer(typed);
        assert.equal(status, 6, shown);
        assert.match(await folder.refused('token', 'theirs'), /is not trusted/);
    }
    const { status, shown } = await answer('y\n');
    assert.equal(status, 0, shown);
    assert.match(shown, /runs +token_helper = echo run >>/);
    assert.match(shown, /connects +issuer = https:\/\/login\.example\.com/);
    assert.match(shown, /1 command to run as you, 1 address/);
    assert.equal(ran(), false);
    assert.equal(await folder.ok('token', 'theirs'), 'from-the-helper');
    assert.match(expectStatus(await folder.run('trust'), 0).stderr, /is trusted as it is/);
});

test('what is trusted is what was shown, whatever lies there by then', async (t) => {
    const stage = Stage.open(t);
    const { folder } = withHelper(stage);
    const marker = join(stage.root, 'swapped');
    const terminal = stage.terminal([programs.hearth, 'trust'], { cwd: folder.path });
    await terminal.sees('Trust it? [y/N] ');
    folder.write(`[profiles.theirs]\n${helper(marker)}`);
    terminal.types('y\n');
    assert.equal((await terminal.ended).status, 0);
    assert.match(await folder.refused('token', 'theirs'), /has changed since you trusted it/);
    assert.equal(existsSync(marker), false);
});

test('a file cannot hide from the terminal what it sets', async (t) => {
    const stage = Stage.open(t);
    const folder = new Folder(stage, 'app', '[profiles.theirs]\nprovider = "claude"\napi_key_helper = "evil \\u202eharmless\\u200b"\n');
    const { stderr } = expectStatus(await folder.run('trust'), 6);
    assert.ok(stderr.includes('api_key_helper = evil \\u202eharmless\\u200b'), stderr);
    folder.write('[profiles.theirs]\nprovider = "claude"\nworkspace = "\\u001b[2K\\rharmless"\n');
    assert.match(expectStatus(await folder.run('trust'), 2).stderr, /workspace must be a text without control characters/);
});

test('nobody is asked where nobody is there', async (t) => {
    const stage = Stage.open(t);
    const { folder } = withHelper(stage);
    const stderr = await folder.refused('trust');
    assert.match(stderr, /is not trusted, and nobody is there to be asked/);
    assert.match(stderr, /hint: hearth trust .*--yes/);
    for (const [words, env] of [[['trust', '--non-interactive'], {}], [['trust'], { CI: 'true' }]]) {
        const terminal = stage.terminal([programs.hearth, ...words], { cwd: folder.path, env });
        assert.equal((await terminal.ended).status, 6, terminal.shown);
        assert.doesNotMatch(terminal.shown, /y\/N/);
    }
    assert.match(await folder.refused('token', 'theirs'), /is not trusted/);
});

test('a folder names the profile that is meant there without being trusted', async (t) => {
    const stage = Stage.open(t);
    await withOwnKey(stage);
    await stage.ok(['profile', 'add', 'other', '--provider', 'claude']);
    await keep(stage, 'other', 'sk-ant-api03-other');
    const folder = new Folder(stage, 'app', 'profile = "other"\n');
    assert.equal(await folder.ok('token'), 'sk-ant-api03-other');
    assert.equal(await folder.ok('token', 'claude'), ownKey);
    assert.match(await folder.ok('headers', '--url', 'https://api.anthropic.com/v1/messages'), /sk-ant-api03-other/);
    assert.match(await folder.ok('explain'), /it names this profile for where none is given/);
    assert.match(expectStatus(await folder.run('trust'), 0).stderr, /Nothing in .* needs to be trusted/);
    // The nearest file counts, and none above the home.
    const inner = new Folder(stage, 'app/inner', 'profile = "claude"\n');
    assert.equal(await inner.ok('token'), ownKey);
    writeFileSync(join(stage.root, '.hearth.toml'), 'profile = "other"\n');
    const bare = new Folder(stage, 'bare');
    assert.match(expectStatus(await bare.run('token'), 2).stderr, /no profile is named, neither here nor by a project's file/);
    // It does not sign anybody out.
    expectStatus(await folder.run('logout'), 2);
});

test('a folder that names a profile of its own for where none is given has to be trusted', async (t) => {
    const stage = Stage.open(t);
    const { folder } = withHelper(stage);
    folder.write(`profile = "theirs"\n${readFileSync(folder.file, 'utf8')}`);
    assert.match(await folder.refused('token'), /is not trusted/);
    await folder.trust();
    assert.equal(await folder.ok('token'), 'from-the-helper');
    const explained = await folder.ok('explain');
    assert.match(explained, /app\/\.hearth\.toml is trusted; this profile is its/);
    const { profile, project } = JSON.parse(await folder.ok('explain', '--json'));
    assert.deepEqual([profile, project.trust, project.file], ['theirs', 'trusted', folder.file]);
});

test('what is trusted is listed, and trusted no more once it is removed, with its sessions', async (t) => {
    const stage = Stage.open(t);
    const sealed = () => {
        const place = join(stage.home, 'state', 'sealed');
        return existsSync(place) ? readdirSync(place).filter((name) => name.startsWith('hearth.project.')).length : 0;
    };
    const folder = new Folder(stage, 'my app', '[profiles.theirs]\nprovider = "claude"\n');
    assert.match(await folder.refused('token', 'theirs'), /hearth trust '.*\/my app'/);
    await folder.trust();
    await keep(stage, 'theirs', 'sk-ant-api03-kept', folder.path);
    assert.equal(sealed(), 1);
    const { folders } = await stage.json(['trust', 'list']);
    assert.deepEqual(folders.map((one) => [one.folder, one.profiles.map(({ name }) => name)]), [[folder.path, ['theirs']]]);
    assert.match(folders[0].sha256, /^[0-9a-f]{64}$/);
    const record = join(stage.home, 'state', 'trusted.json');
    assert.equal(statSync(record).mode & 0o777, 0o600);
    rmSync(folder.path, { recursive: true });
    await stage.ok(['trust', 'remove', folder.path]);
    assert.equal(sealed(), 0);
    assert.deepEqual((await stage.json(['trust', 'list'])).folders, []);
    expectStatus(await stage.hearth(['trust', 'remove', folder.path]), 2);
});

test('a record of a newer hearth, or a damaged one, trusts nothing and is left as it is', async (t) => {
    const stage = Stage.open(t);
    const { folder, ran } = withHelper(stage);
    await folder.trust();
    const record = join(stage.home, 'state', 'trusted.json');
    const good = readFileSync(record, 'utf8');
    for (const bad of [good.replace('"format":1', '"format":2'), good.replace('from-the-helper', 'from-another'), '{', 'null']) {
        writeFileSync(record, bad, { mode: 0o600 });
        for (const words of [['token', 'theirs'], ['trust', '--yes'], ['trust', 'remove', folder.path], ['trust', 'list']]) {
            const { stderr } = expectStatus(await folder.run(...words), 1);
            assert.match(stderr, /the record of trusted folders (is damaged|was written by a newer hearth)/);
        }
        assert.equal(readFileSync(record, 'utf8'), bad);
    }
    assert.equal(ran(), false);
    writeFileSync(record, good, { mode: 0o600 });
    assert.equal(await folder.ok('token', 'theirs'), 'from-the-helper');
});

test("a project's profile is used by no other name than its own", async (t) => {
    const stage = Stage.open(t);
    const { folder, ran } = withHelper(stage);
    folder.write(`${readFileSync(folder.file, 'utf8')}[profiles.key]\nprovider = "claude"\n`);
    await folder.trust();
    await keep(stage, 'key', 'sk-ant-api03-kept', folder.path);
    assert.equal(await folder.ok('token', 'key'), 'sk-ant-api03-kept');
    const { folders } = await stage.json(['trust', 'list']);
    const names = folders[0].profiles.map(({ id }) => id);
    assert.equal(names.length, 2);
    for (const [id, cwd] of names.flatMap((one) => [[one, folder.path], [one, join(stage.root, 'user')]])) {
        for (const words of [['token', id], ['headers', id, '--url', 'https://api.example.com'], ['login', id], ['explain', id]])
            expectStatus(await stage.hearth(words, { cwd }), 2);
    }
    expectStatus(await stage.hearth(['token', 'theirs'], { cwd: join(stage.root, 'user') }), 2);
    assert.equal(ran(), false);
    expectStatus(await folder.run('profile', 'remove', 'theirs'), 2);
    assert.doesNotMatch(await stage.ok(['profile', 'list']), /theirs|hearth\.project/);
});

test('an old output of a helper is refreshed behind the answer in a project, too', async (t) => {
    const stage = Stage.open(t);
    const marker = join(stage.root, 'runs');
    const runs = () => (existsSync(marker) ? readFileSync(marker, 'utf8').split('\n').length - 1 : 0);
    const folder = new Folder(stage, 'app', `[profiles.theirs]\n${helper(marker)}helper_ttl = "1s"\n`);
    await folder.trust();
    await folder.ok('token', 'theirs');
    await until('the output to be old', async () => JSON.parse(await folder.ok('explain', 'theirs', '--json')).helper.output_age >= 2);
    await folder.ok('token', 'theirs');
    await until('it to run again', () => runs() === 2);
});

test('what runs in a project outlives its agent, and is signed out of with all the others', async (t) => {
    const stage = Stage.open(t);
    const folder = new Folder(stage, 'app', '[profiles.theirs]\nprovider = "claude"\n');
    await folder.trust();
    await keep(stage, 'theirs', 'sk-ant-api03-kept', folder.path);
    await stage.stopAgent();
    assert.equal(await folder.ok('token', 'theirs'), 'sk-ant-api03-kept');
    await stage.stopAgent();
    assert.match(expectStatus(await stage.hearth(['logout', '--all']), 0).stderr, /Signed out of theirs/);
    expectStatus(await folder.run('token', 'theirs'), 3);
});
