// Compares every #include of src/ and include/ with the arrows that ARCHITECTURE.md allows: includes.mjs SOURCE_FOLDER
//
// The table stands between <!-- arrows --> and <!-- /arrows -->: folder, what it may include, and whether it may know the
// operating system.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = process.argv[2];
const words = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);

function readArrows() {
    const table = /<!-- arrows -->([\s\S]*?)<!-- \/arrows -->/.exec(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))[1];
    const arrows = new Map();
    for (const line of table.split('\n')) {
        const [, folder, targets, system] = line.split('|').map((cell) => cell.trim());
        if (folder?.startsWith('`')) arrows.set(words(folder)[0], { targets: new Set(words(targets)), system: system === 'yes' });
    }
    return arrows;
}

const posix = /^(sys|arpa|netinet|net|linux)\/|^(unistd|fcntl|poll|pthread|dlfcn|spawn|termios|pwd|grp|syslog|ifaddrs|netdb|dirent|glob)\.h$/;
const heavy = /^boost\/(asio|beast)\b/;

function sources(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return sources(path);
        return /\.(cpp|hpp|c|h)$/.test(entry.name) ? [path] : [];
    });
}

// A header with Asio or Beast in it takes seconds to compile, wherever it is included.
const isHeavy = (path) =>
    existsSync(path) && /^\s*#\s*include\s*<boost\/(asio|beast)\b/m.test(readFileSync(path, 'utf8'));

const arrows = readArrows();
const complaints = [];
let counted = 0;

// The folder of src/ that an include names; "hearth" for the public headers.
function target(include, folder) {
    const first = include.split('/')[0];
    if (include.startsWith('hearth/')) return 'hearth';
    return include.includes('/') && existsSync(join(root, 'src', first)) ? first : folder;
}

function check(path, folder) {
    const allowed = arrows.get(folder);
    const name = relative(root, path);
    if (!allowed) return complaints.push(`${name}: ARCHITECTURE.md has no row for \`${folder}\``);
    readFileSync(path, 'utf8').split('\n').forEach((line, index) => {
        const [, bracket, include] = /^\s*#\s*include\s*(["<])([^">]+)[">]/.exec(line) ?? [];
        if (!include) return;
        ++counted;
        const at = `${name}:${index + 1}`;
        if (bracket === '"') {
            const to = target(include, folder);
            if (to !== folder && !allowed.targets.has(to)) complaints.push(`${at}: ${folder} may not include ${to} (${include})`);
            if (!existsSync(join(root, 'src', include)) && !existsSync(join(root, 'include', include)))
                complaints.push(`${at}: "${include}" is no file below src/ or include/`);
        } else if (posix.test(include) && !allowed.system) {
            complaints.push(`${at}: ${folder} may not know the operating system (${include})`);
        }
        if (bracket === '"' && isHeavy(join(root, 'src', include)) && (/\.hpp$/.test(path) || dirname(join(root, 'src', include)) !== dirname(path)))
            complaints.push(`${at}: ${include} brings Asio or Beast along, and is for the sources beside it alone`);
        if (heavy.test(include) && folder === 'hearth') complaints.push(`${at}: a public header may not name ${include}`);
    });
}

for (const entry of readdirSync(join(root, 'src'), { withFileTypes: true }))
    if (entry.isDirectory()) for (const path of sources(join(root, 'src', entry.name))) check(path, entry.name);
for (const path of sources(join(root, 'include', 'hearth'))) check(path, 'hearth');
for (const folder of arrows.keys())
    if (folder !== 'hearth' && !existsSync(join(root, 'src', folder))) complaints.push(`ARCHITECTURE.md: there is no folder src/${folder}`);

for (const complaint of complaints) console.log(complaint);
console.log(`${counted} includes, ${complaints.length} against the arrows`);
process.exit(complaints.length || !counted ? 1 : 0);
