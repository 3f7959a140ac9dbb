// Clients that are not ours get AWS keys through hearth, and keep working when these expire in the middle of a run: the AWS
// CLI, botocore, the AWS SDK for JavaScript and Anthropic's for Bedrock.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { AwsMachine } from '../support/aws.mjs';
import { roleProfile } from '../support/endpoint.mjs';
import { expectStatus, programs } from '../support/stage.mjs';

const botocore = fileURLToPath(new URL('../support/aws_client.py', import.meta.url));
const javascript = fileURLToPath(new URL('../support/aws_client.mjs', import.meta.url));

// Keys of a few seconds, so that they expire while a client runs.
const short = ['--auto-approve', '--aws-ttl', '3'];

async function machine(t, parameters) {
    const aws = await AwsMachine.start(t, parameters);
    await roleProfile(aws);
    aws.env = { AWS_ENDPOINT_URL_STS: aws.told.sts, ANTHROPIC_BEDROCK_BASE_URL: aws.told.bedrock };
    return aws;
}

// Each way of getting keys: the words before a client's own, and what it needs in its environment.
const ways = {
    'the endpoint of hearth exec': {
        words: [programs.hearth, 'exec', 'work', '--'],
        env: () => ({}),
    },
    'credential_process': {
        words: [],
        // A shared config of its own: the user's has the key that the role is taken with.
        env: (aws) => {
            const folder = join(aws.stage.root, 'shared');
            mkdirSync(folder, { recursive: true });
            const file = join(folder, 'config');
            const process = `credential_process = ${programs.hearth} credentials work --format aws-process`;
            writeFileSync(file, `[default]\nregion = ${aws.told.region}\n${process}\n`);
            return { AWS_CONFIG_FILE: file, AWS_REGION: aws.told.region };
        },
    },
};

async function client(aws, way, words, options = {}) {
    const [program, ...rest] = [...way.words, ...words];
    return expectStatus(await aws.stage.run(program, rest, { ...options, env: { ...aws.env, ...way.env(aws), ...options.env } }), 0);
}
const role = /^arn:aws:sts::111122223333:assumed-role\/reader\//;
const identityOf = (text) => JSON.parse(text).Arn;

for (const [name, way] of Object.entries(ways)) {
    // hearth itself reads the user's files, which the client's environment does not name then.
    const prepare = async (t, parameters) => {
        const aws = await machine(t, parameters);
        if (name === 'credential_process') {
            await aws.stage.ok(['config', 'set', 'profiles.work.aws_config_file', join(aws.folder, 'config')]);
            await aws.stage.stopAgent();
        }
        return aws;
    };

    test(`the AWS CLI says who it is by ${name}`, async (t) => {
        const aws = await prepare(t);
        const { stdout } = await client(aws, way, ['/usr/bin/aws', 'sts', 'get-caller-identity', '--output', 'json']);
        assert.match(identityOf(stdout), role);
        await client(aws, way, ['/usr/bin/aws', 'sts', 'get-caller-identity']);
        assert.equal(await aws.count('AssumeRole'), 1, 'both runs had the same keys');
    });

    for (const [kind, program, script] of [['botocore', '/usr/bin/python3', botocore], ['the JavaScript SDK', process.execPath, javascript]]) {
        test(`${kind} calls STS by ${name} across an expiry, without a restart`, async (t) => {
            const aws = await prepare(t, short);
            const { stdout } = await client(aws, way, [program, script, 'sts']);
            const told = JSON.parse(stdout);
            assert.ok(told.keys >= 2, `${told.keys} keys were used`);
            assert.ok(told.arns.length >= 2 && told.arns.every((arn) => role.test(arn)));
            assert.ok((await aws.count('AssumeRole')) >= 2);
        });
    }

    test(`Anthropic's SDK for Bedrock asks a model by ${name} across an expiry, whole and as a stream`, async (t) => {
        const aws = await prepare(t, short);
        const { stdout } = await client(aws, way, [process.execPath, javascript, 'bedrock']);
        const told = JSON.parse(stdout);
        assert.ok(told.keys >= 2, `${told.keys} keys were used`);
        assert.ok(told.answers.length >= 2 && told.answers.every((text) => text.length > 0));
        assert.ok(told.streamed.length > 0);
    });
}

test('botocore asks the endpoint and not the keys that lie in the home folder', async (t) => {
    const aws = await machine(t);
    const keys = 'aws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n';
    writeFileSync(join(aws.folder, 'credentials'), `[default]\n${keys}`, { mode: 0o600 });
    appendFileSync(join(aws.stage.variables.HOME, '.boto'), `[Credentials]\n${keys}`);
    const { stdout } = await client(aws, ways['the endpoint of hearth exec'], ['/usr/bin/aws', 'sts', 'get-caller-identity', '--output', 'json']);
    assert.match(identityOf(stdout), role);
});
