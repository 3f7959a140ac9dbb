// The manual pages are clean, and name every command, option and setting there is and no other: manuals.mjs SOURCE_FOLDER BIN_FOLDER
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [root, bin] = process.argv.slice(2);
const folder = join(root, 'docs', 'man');
const complaints = [];
let counted = 0;

const page = (name) => readFileSync(join(folder, name), 'utf8');
const help = (program, ...words) => execFileSync(join(bin, program), [...words, '--help'], { encoding: 'utf8' });
const options = (text) => new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []);
// What the macro Fl stands for in a piece of a page.
const flags = (text) => new Set([...text.matchAll(/\bFl (-[a-z][a-z-]*)/g)].map(([, name]) => `-${name}`));

function compare(where, found, wanted) {
    for (const one of wanted) {
        ++counted;
        if (!found.has(one)) complaints.push(`${where}: ${one} is missing`);
    }
    for (const one of found) if (!wanted.has(one)) complaints.push(`${where}: there is no ${one}`);
}

// Both read the pages as people do, and say what is wrong with them.
for (const name of readdirSync(folder)) {
    const { stderr, status, error } = spawnSync('groff', ['-mdoc', '-ww', '-z', '-Tutf8', join(folder, name)], { encoding: 'utf8' });
    if (error || status !== 0 || stderr) complaints.push(`${name}: ${error ?? stderr}`);
}

// The commands of hearth(1) by name, each with the options that its tag shows.
const manual = page('hearth.1');
const tags = new Map();
for (const [, long, short] of manual.matchAll(/^\.It Xo\n([\s\S]*?)^\.Xc$|^\.It (Nm Cm .*)$/gm)) {
    const tag = (long ?? short).replaceAll('\n.', ' ').replace(/^\.?Nm /, '');
    const name = /^Cm ([a-z]+(?: [a-z]+)*)/.exec(tag)[1];
    tags.set(name, flags(tag));
}
const general = help('hearth');
const everywhere = options(/Options of every command:\n([\s\S]*?)\n\n/.exec(general)[1]);
const commands = [.../Commands:\n([\s\S]*?)\n\n/.exec(general)[1].matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)].map(([, name]) => name);
compare('hearth.1', new Set(tags.keys()), new Set(commands));
for (const name of commands) {
    const own = new Set([...options(help('hearth', ...name.split(' ')).split('\nExamples:')[0])].filter((one) => !everywhere.has(one)));
    compare(`hearth.1, ${name}`, tags.get(name) ?? new Set(), own);
}
for (const one of everywhere) {
    ++counted;
    if (!manual.includes(`.It Fl ${one.slice(1)}\n`)) complaints.push(`hearth.1: ${one} is missing`);
}

for (const program of ['hearth-agent', 'hearth-sandbox']) {
    const items = page(`${program}.1`).match(/^\.It .*Fl .*$/gm).join('\n');
    compare(`${program}.1`, flags(items), options(help(program)));
}

// Every key of the tables that reading and writing the settings follow.
const source = readFileSync(join(root, 'src', 'config', 'keys.cpp'), 'utf8');
const keys = new Set(['authorize_parameters']);
for (const [, table, body] of source.matchAll(/^constexpr auto (\w+)_table = ([\s\S]*?)^\}\);$/gm)) {
    const prefix = { profile: '', limit: 'limits.', sink: 'sinks.' }[table] ?? `${table}.`;
    for (const [, key] of body.matchAll(/(?:^ {4}\{|>\(\s*)"([a-z_]+)",/gm)) keys.add(prefix + key);
}
const settings = new Set([...page('hearth-config.5').matchAll(/^\.It Cm (\S+)$/gm)].map(([, key]) => key));
compare('hearth-config.5', settings, keys);

for (const complaint of complaints) console.log(complaint);
console.log(`${counted} commands, options and settings, ${complaints.length} complaints`);
process.exit(complaints.length || counted < 100 ? 1 : 0);
