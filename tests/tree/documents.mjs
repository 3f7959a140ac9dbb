// Every relative link of the documents leads to a file that is there: documents.mjs SOURCE_FOLDER
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = process.argv[2];
const documents = (folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.name.startsWith('build') || entry.name === 'node_modules' || entry.name === '.git') return [];
        const path = join(folder, entry.name);
        return entry.isDirectory() ? documents(path) : entry.name.endsWith('.md') ? [path] : [];
    });

const broken = [];
let counted = 0;
for (const path of documents(root)) {
    const text = readFileSync(path, 'utf8').replace(/```[\s\S]*?```/g, '');
    for (const [, link] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^[a-z]+:/.test(link)) continue;
        ++counted;
        if (!existsSync(join(dirname(path), link))) broken.push(`${relative(root, path)}: ${link} is not there`);
    }
}
broken.forEach((line) => console.log(line));
console.log(`${counted} links, ${broken.length} broken`);
process.exit(broken.length || !counted ? 1 : 0);
