// A stage for one scenario: a private home, the built programs, and an environment that holds nothing of the machine's.
// Everything started on it is ended by its own process id when the test ends, whatever the test did.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// What the build tells a scenario; one that is started by hand uses what ./test has built.
const build = fileURLToPath(new URL('../../build', import.meta.url));
process.env.BUILD_BIN ??= join(build, 'bin');
process.env.SHIM ??= join(build, 'tests', 'shim.so');
process.env.CALL_POINTS ??= join(build, 'tests', 'call_points.so');
process.env.CLOSED_WORLD ??= join(build, 'tests', 'closed_world');

const bin = process.env.BUILD_BIN;

export const programs = {
    hearth: join(bin, 'hearth'),
    agent: join(bin, 'hearth-agent'),
    sandbox: join(bin, 'hearth-sandbox'),
};

// A slow machine, or one under a sanitizer, gets more time; nothing here waits longer than it has to.
export const patience = Number(process.env.SCENARIO_PATIENCE ?? 30) * 1000;

// Asks until `question` gives something true, and returns that.
export async function until(what, question, limit = patience) {
    const deadline = Date.now() + limit;
    for (;;) {
        const answer = await question();
        if (answer) return answer;
        assert.ok(Date.now() < deadline, `waited ${limit / 1000} s for ${what}`);
        await new Promise((resume) => setTimeout(resume, 15));
    }
}

export function alive(pid) {
    try {
        process.kill(pid, 0);
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
        return false;
    }
}

// A process that goes on beside the test; its lines can be waited for.
export class Running {
    constructor(child, name) {
        this.child = child;
        this.name = name;
        this.lines = [];
        this.stderr = '';
        this.ended = new Promise((resolve) => child.once('close', (status, signal) => resolve({ status, signal })));
        createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(line));
        child.stderr.on('data', (piece) => (this.stderr += piece));
        child.stdin?.on('error', () => {});
    }
    get pid() {
        return this.child.pid;
    }
    async line(what, matches = () => true) {
        const found = await until(`${this.name}: ${what}`, () => {
            const line = this.lines.find(matches);
            if (line === undefined && this.child.exitCode !== null)
                assert.fail(`${this.name} ended with ${this.child.exitCode} before ${what}: ${this.stderr}`);
            return line === undefined ? undefined : { line };
        });
        return found.line;
    }
    async stop(signal = 'SIGTERM') {
        if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
        const insist = setTimeout(() => this.child.kill('SIGKILL'), 5000);
        const result = await this.ended;
        clearTimeout(insist);
        return result;
    }
}

// A person at a terminal: sees what is written there, and types. The terminal is that of script(1).
class Terminal {
    constructor(running) {
        this.running = running;
        this.shown = '';
        this.seen = 0;
        running.child.stdout.on('data', (piece) => (this.shown += piece));
    }
    get ended() {
        return this.running.ended;
    }
    // Waits for a text that comes after those that were waited for before.
    async sees(text) {
        await until(`the terminal to show '${text}', and not\n${this.shown}`, () => {
            const at = this.shown.indexOf(text, this.seen);
            if (at >= 0) this.seen = at + text.length;
            return at >= 0;
        });
    }
    types(text) {
        this.running.child.stdin.write(text);
    }
}

export class Stage {
    // `store` is 'sealed' (with a key file in the home), or 'unset' for what hearth does by itself.
    static open(test, { store = 'sealed', variables = {} } = {}) {
        const stage = new Stage(variables);
        test.after(() => stage.close());
        if (store === 'sealed') stage.configure(`[store]\nkind = "sealed"\nkey_file = "${stage.home}/key"\n`);
        return stage;
    }

    constructor(variables) {
        this.root = mkdtempSync(join(tmpdir(), 'h-'));
        this.home = join(this.root, 'h');
        this.running = [];
        for (const folder of ['h', 'user', 'tmp']) mkdirSync(join(this.root, folder), { mode: 0o700 });
        this.variables = {
            PATH: '/usr/local/bin:/usr/bin:/bin',
            HOME: join(this.root, 'user'),
            TMPDIR: join(this.root, 'tmp'),
            LANG: 'C.UTF-8',
            HEARTH_HOME: this.home,
            ...variables,
        };
    }

    configure(text) {
        const file = join(this.home, 'config.toml');
        writeFileSync(file, text + (existsSync(file) ? readFileSync(file, 'utf8') : ''), { mode: 0o600 });
    }
    file(name, text, mode = 0o600) {
        const path = join(this.root, name);
        writeFileSync(path, text, { mode });
        chmodSync(path, mode);
        return path;
    }

    // Starts a program and returns at once.
    start(program, parameters, { env = {}, cwd = this.root, stdin = 'ignore' } = {}) {
        const child = spawn(program, parameters, {
            env: { ...this.variables, ...env },
            cwd,
            stdio: [stdin, 'pipe', 'pipe'],
        });
        const process = new Running(child, `${program.split('/').pop()} ${parameters.join(' ')}`);
        this.running.push(process);
        return process;
    }

    // Starts a program at a terminal of its own.
    terminal(command, options = {}) {
        const words = command.map((word) => `'${word}'`).join(' ');
        return new Terminal(this.start('script', ['--quiet', '--return', '--command', words, '/dev/null'], { ...options, stdin: 'pipe' }));
    }

    // Runs a program to its end, which must come in time.
    async run(program, parameters, { env = {}, input, limit = patience, cwd = this.root } = {}) {
        const child = spawn(program, parameters, {
            env: { ...this.variables, ...env },
            cwd,
            stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        });
        let stdout = '';
        let stderr = '';
        child.stdout.on('data', (piece) => (stdout += piece));
        child.stderr.on('data', (piece) => (stderr += piece));
        if (input !== undefined) {
            child.stdin.on('error', () => {});
            child.stdin.end(input);
        }
        const late = setTimeout(() => child.kill('SIGKILL'), limit);
        // Not 'close': a program that hands its output to a background process would never close it.
        const [status, signal] = await once(child, 'exit');
        clearTimeout(late);
        await new Promise((resume) => setImmediate(resume));
        if (!child.stdout.readableEnded) await Promise.race([once(child, 'close'), new Promise((r) => setTimeout(r, 500))]);
        return { status, signal, stdout, stderr, command: `${program.split('/').pop()} ${parameters.join(' ')}` };
    }

    hearth(parameters, options) {
        return this.run(programs.hearth, parameters, options);
    }
    // The same for a command that has to succeed: its stdout.
    async ok(parameters, options) {
        return expectStatus(await this.hearth(parameters, options), 0).stdout;
    }
    async json(parameters, options) {
        return JSON.parse(await this.ok([...parameters, '--json'], options));
    }
    async token(profile, options) {
        return (await this.ok(['token', profile], options)).trim();
    }
    async profileStatus(profile, options) {
        const found = await this.json(['status', profile], options);
        return (found.profiles ?? [found]).find((one) => one.profile === profile);
    }

    // The agent of this home, if one runs; asking does not start one.
    async agentPid() {
        const asked = await this.hearth(['agent', 'status', '--json'], { env: { HEARTH_NO_AGENT: '' } });
        return asked.status === 0 ? JSON.parse(asked.stdout).pid : undefined;
    }

    async stopAgent() {
        const pid = await this.agentPid();
        if (pid === undefined) return;
        await this.hearth(['agent', 'stop'], { env: { HEARTH_NO_AGENT: '' } });
        await until('the agent to end', () => !alive(pid), 5000).catch(() => process.kill(pid, 'SIGKILL'));
    }

    async close() {
        await this.stopAgent();
        for (const one of this.running.reverse()) await one.stop();
        // A process that served one command may still be putting its things in order.
        await until('the folder to be left alone', () => {
            try {
                rmSync(this.root, { recursive: true, force: true });
                return true;
            } catch (error) {
                if (error.code !== 'ENOTEMPTY') throw error;
                return false;
            }
        });
    }

    // A program for $BROWSER that hands the address to the test.
    browser() {
        const folder = mkdtempSync(join(this.root, 'browser-'));
        const script = this.file(
            `${folder.split('/').pop()}/open`,
            `#!/bin/sh\nprintf '%s' "$1" >"${folder}/$$.part" && mv "${folder}/$$.part" "${folder}/url"\n`,
            0o700,
        );
        return {
            env: { BROWSER: script },
            opened: () => existsSync(join(folder, 'url')),
            async url() {
                const file = join(folder, 'url');
                await until('the browser to be opened', () => existsSync(file));
                const taken = `${file}.taken`;
                renameSync(file, taken);
                return readFileSync(taken, 'utf8');
            },
        };
    }
    // A $BROWSER that is the person, too: follows redirects, as with a server that approves by itself.
    clicker() {
        return this.file('clicker', '#!/bin/sh\nexec curl -sSL --noproxy "*" --max-time 20 -o /dev/null "$1"\n', 0o700);
    }
}

export function expectStatus(result, status) {
    assert.equal(
        result.status,
        status,
        `${result.command} ended with ${result.status ?? result.signal}\nstdout: ${result.stdout}\nstderr: ${result.stderr}`,
    );
    return result;
}
