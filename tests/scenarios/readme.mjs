// Every command that README.md shows as runnable is run, against the sandbox.
//
// A block is runnable when the line before it is <!-- runs: WHAT -->; lines that begin with "$ " are commands, the others
// are their output, of which only the shape is shown.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Sandbox } from '../support/sandbox.mjs';
import { Stage, expectStatus } from '../support/stage.mjs';

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/<!-- runs: (.*?) -->\n+```\w*\n([\s\S]*?)```/g)].map(([, what, block]) => ({
    what,
    commands: block.replace(/\\\n\s*/g, ' ').split('\n').filter((line) => line.startsWith('$ ')).map((line) => line.slice(2)),
}));

test('README.md has runnable blocks', () => {
    assert.ok(blocks.length >= 2);
    for (const block of blocks) assert.ok(block.commands.length > 0, block.what);
});

for (const { what, commands } of blocks) {
    test(what, async (t) => {
        const stage = Stage.open(t);
        const sandbox = await Sandbox.start(stage);
        const env = {
            PATH: `${process.env.BUILD_BIN}:${stage.variables.PATH}`,
            BROWSER: stage.clicker(),
            SANDBOX: sandbox.told.issuer,
            KEY_FILE: stage.file('claude-key', 'sk-ant-api03-not-a-real-key\n'),
        };
        for (const command of commands) expectStatus(await stage.run('/bin/bash', ['-euo', 'pipefail', '-c', command], { env }), 0);
    });
}
