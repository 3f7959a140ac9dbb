// Each line of the security checklist names tests that are there, or says why it does not apply: checklist.mjs SOURCE_FOLDER
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = process.argv[2];
const complaints = [];
let counted = 0;

const sources = (folder, ending) =>
    readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith(ending))
        .map((name) => ({ name, text: readFileSync(join(root, folder, name), 'utf8') }));

const units = new Set();
for (const { text } of sources('tests/unit', '.cpp'))
    for (const [, suite, name] of text.matchAll(/^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\s*\)/gm)) units.add(`${suite}.${name}`);

// A sentence with a blank in it stands for all that fill the blank.
const sentences = new Map();
for (const { name, text } of sources('tests/scenarios', '.mjs')) {
    const titles = [...text.matchAll(/^\s*test\((?:'([^'\n]*)'|"([^"\n]*)"|`([^`\n]*)`)/gm)].map((found) => found[1] ?? found[2] ?? found[3]);
    sentences.set(name, titles.map((title) => new RegExp(`^${title.split(/\$\{[^}]*\}/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)));
}

// The tests that a text names, each with whether it is there.
function named(text) {
    const found = [];
    for (const [whole, script, sentence] of text.matchAll(/`(\w+\.mjs)` "([^"]+)"/g))
        found.push([whole, sentences.get(script)?.some((title) => title.test(sentence))]);
    for (const [whole, name] of text.matchAll(/`([A-Z]\w*\.[a-z]\w*)`/g)) found.push([whole, units.has(name)]);
    for (const [whole, name] of text.matchAll(/`fuzz\.(\w+)`/g)) found.push([whole, existsSync(join(root, 'tests', 'fuzz', `${name}.cpp`))]);
    return found;
}

for (const line of readFileSync(join(root, 'docs', 'security-checklist.md'), 'utf8').split('\n')) {
    if (!line.startsWith('| ') || /^\| (§|what) \|/.test(line)) continue;
    const held = line.split(' | ').slice(2).join(' | ');
    const tests = named(held);
    counted += tests.length;
    if (!tests.length && !/^not (applicable|defended)[^:]*: /.test(held)) complaints.push(`nothing holds this: ${line}`);
    for (const [test, there] of tests) if (!there) complaints.push(`there is no ${test}`);
}

for (const complaint of complaints) console.log(complaint);
console.log(`${counted} tests named, ${complaints.length} complaints`);
process.exit(complaints.length || counted < 100 ? 1 : 0);
