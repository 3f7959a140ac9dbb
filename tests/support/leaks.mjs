// Looks for planted secrets where none may be: files, argv, environments, core dumps; in the forms in which they hide.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

// A secret as raw bytes, in hexadecimal, and in base64 at each of the three alignments.
function forms(secret) {
    const bytes = Buffer.from(secret);
    const found = [bytes, Buffer.from(bytes.toString('hex'))];
    for (let shift = 0; shift < 3; ++shift) {
        const whole = bytes.subarray((3 - shift) % 3);
        found.push(Buffer.from(whole.subarray(0, whole.length - (whole.length % 3)).toString('base64')));
    }
    return found.filter((form) => form.length >= 12);
}

export class Needles {
    #forms = [];

    // Names are for the report; a found secret itself is not printed.
    plant(name, secret) {
        if (secret && secret.length >= 12) this.#forms.push(...forms(secret).map((bytes) => ({ name, bytes })));
    }
    get count() {
        return this.#forms.length;
    }
    // The names of the secrets that lie in these bytes.
    in(bytes) {
        const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
        return [...new Set(this.#forms.filter((form) => buffer.includes(form.bytes)).map((form) => form.name))];
    }
    // "path: name" for every file below the folder that holds one.
    below(folder, except = () => false) {
        const found = [];
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
            const path = join(folder, entry.name);
            if (except(path)) continue;
            if (entry.isDirectory()) found.push(...this.below(path, except));
            else if (entry.isFile() && statSync(path).size < 1 << 28)
                found.push(...this.in(readFileSync(path)).map((name) => `${path}: ${name}`));
        }
        return found;
    }
}

// Reads argv and environment of every process, again and again, until stopped.
export class ProcessWatch {
    #texts = new Map();
    #timer = setInterval(() => this.#look(), 4);

    #look() {
        for (const pid of readdirSync('/proc')) {
            if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
            for (const file of ['cmdline', 'environ']) {
                try {
                    const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
                    if (text) this.#texts.set(text, `${file} of ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}`);
                } catch {
                    // It has ended, or it does not let us read.
                }
            }
        }
    }
    stop() {
        clearInterval(this.#timer);
    }
    // "cmdline of NAME: secret" for each that was seen.
    found(needles) {
        const found = [];
        for (const [text, where] of this.#texts) found.push(...needles.in(Buffer.from(text, 'latin1')).map((name) => `${where}: ${name}`));
        return found;
    }
}

// What a core dump of the process would hold: its writable memory but for what is marked to be left out.
export const dumpable = (pid) => writable(pid).filter((piece) => piece.dumped);

// All that the process can write to.
export function writable(pid) {
    const pieces = [];
    const text = readFileSync(`/proc/${pid}/smaps`, 'utf8');
    const memory = `/proc/${pid}/mem`;
    for (const block of text.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
        const [, start, end, mode] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(block) ?? [];
        const flags = /^VmFlags:(.*)$/m.exec(block)?.[1] ?? '';
        if (!mode?.startsWith('rw') || /\[v(var|dso|syscall)/.test(block.split('\n')[0])) continue;
        const size = Number(BigInt(`0x${end}`) - BigInt(`0x${start}`));
        pieces.push({ memory, start: BigInt(`0x${start}`), size, dumped: !/ dd\b/.test(flags) });
    }
    return pieces;
}
