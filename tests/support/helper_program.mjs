// A program that knows two things: where the API is (ANTHROPIC_BASE_URL), and a shell command that prints its key (KEY_HELPER).
// Its output it keeps for KEY_HELPER_TTL_MS or until a 401, sends it as a key and as a bearer token, and asks again once after a
// 401. Where REJECTED names a command it has that take the refused key, as a script of a person's own would; else it runs the
// helper again. Each line of its input is one request, each line of its output what became of it.
import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';

const { ANTHROPIC_BASE_URL: base, KEY_HELPER: helper, REJECTED: rejected, KEY_HELPER_TTL_MS: ttl = '300000' } = process.env;
let kept;
let runs = 0;

// The key alone on standard output: one word of printable characters.
function run(command, input = '') {
    return new Promise((resolve, reject) => {
        const child = execFile('/bin/sh', ['-c', command], (problem, stdout, stderr) => {
            const key = stdout.trim();
            if (problem) reject(new Error(`ended with ${problem.code}: ${stderr}`));
            else if (!/^[!-~]{1,16384}$/.test(key)) reject(new Error('printed something that is no key'));
            else resolve(key);
        });
        child.stdin.on('error', () => {}); // One that reads nothing may be gone by now.
        child.stdin.end(input);
    });
}

async function key() {
    if (kept && Date.now() - kept.at < Number(ttl)) return kept.key;
    ++runs;
    kept = { key: await run(helper), at: Date.now() };
    return kept.key;
}

function send(credential, text) {
    return fetch(`${base}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': credential, authorization: `Bearer ${credential}`, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'sandbox-small', max_tokens: 16, messages: [{ role: 'user', content: text }] }),
    });
}

async function ask(text) {
    const first = await key();
    let answer = await send(first, text);
    const statuses = [answer.status];
    if (answer.status === 401) {
        await answer.arrayBuffer();
        kept = rejected && { key: await run(rejected, `${first}\n`), at: Date.now() };
        answer = await send(await key(), text);
        statuses.push(answer.status);
    }
    const { role } = await answer.json();
    return { statuses, role, runs };
}

for await (const line of createInterface({ input: process.stdin })) {
    const answer = await ask(line).catch((problem) => ({ problem: String(problem) }));
    console.log(JSON.stringify({ request: line, ...answer }));
}
