// A program of the AWS SDK for JavaScript, or of Anthropic's for Bedrock, as its users write them: one client, which is asked
// until it has used two keys. usage: aws_client.mjs sts|bedrock
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

const keys = new Set();
const provider = fromNodeProviderChain();
const pause = () => new Promise((resume) => setTimeout(resume, 50));

// Calls until two keys have been seen, and once more with the second; a minute at most.
async function acrossAnExpiry(call) {
    const results = [];
    for (const deadline = Date.now() + 60_000; keys.size < 2 && Date.now() < deadline; await pause()) results.push(await call());
    return [results[0], results.at(-1)];
}

const acts = {
    async sts() {
        const client = new STSClient({ region: process.env.AWS_REGION, endpoint: process.env.AWS_ENDPOINT_URL_STS, credentials: provider });
        return {
            arns: await acrossAnExpiry(async () => {
                const { Arn } = await client.send(new GetCallerIdentityCommand({}));
                keys.add((await client.config.credentials()).accessKeyId);
                return Arn;
            }),
        };
    },
    async bedrock() {
        const client = new AnthropicBedrock({ awsRegion: process.env.AWS_REGION });
        const question = { model: 'anthropic.claude-sandbox', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };
        const answers = await acrossAnExpiry(async () => {
            const { content } = await client.messages.create(question);
            keys.add((await provider()).accessKeyId);
            return content.map(({ text }) => text).join('');
        });
        let streamed = '';
        for await (const event of await client.messages.create({ ...question, stream: true })) streamed += event.delta?.text ?? '';
        return { answers, streamed };
    },
};

const done = await acts[process.argv[2]]();
console.log(JSON.stringify({ keys: keys.size, ...done }));
