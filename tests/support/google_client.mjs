// A program of Google's library for Node, or of Anthropic's SDK for Vertex, as its users write them: one client, which is asked
// until it has used two tokens. VERTEX is where the models are. usage: google_client.mjs token|vertex|identity AUDIENCE
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { GoogleAuth } from 'google-auth-library';

const tokens = new Set();
const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
const pause = () => new Promise((resume) => setTimeout(resume, 50));
const model = 'claude-sandbox';
const messages = [{ role: 'user', content: 'Hello' }];

// Calls until two tokens have been seen, and once more with the second; a minute at most.
async function acrossAnExpiry(call) {
    const results = [];
    for (const deadline = Date.now() + 60_000; tokens.size < 2 && Date.now() < deadline; await pause()) results.push(await call());
    results.push(await call());
    return results;
}

const acts = {
    async token() {
        const place = `projects/${process.env.PROJECT}/locations/europe-west1/publishers/anthropic/models/${model}:rawPredict`;
        const statuses = await acrossAnExpiry(async () => {
            const client = await auth.getClient();
            const { token } = await client.getAccessToken();
            tokens.add(token);
            const answer = await client.request({
                url: `${process.env.VERTEX}/${place}`,
                method: 'POST',
                data: { anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages },
            });
            return answer.status;
        });
        return { statuses: [...new Set(statuses)], kind: (await auth.getClient()).constructor.name, project: await auth.getProjectId().catch(() => null) };
    },
    async vertex() {
        // What claude itself is told: the project and the region by variables.
        const client = new AnthropicVertex({ region: 'europe-west1' });
        const question = { model, max_tokens: 9, messages };
        const answers = await acrossAnExpiry(async () => {
            const { content } = await client.messages.create(question);
            tokens.add(await auth.getAccessToken());
            return content.map(({ text }) => text).join('');
        });
        let streamed = '';
        for await (const event of await client.messages.create({ ...question, stream: true })) streamed += event.delta?.text ?? '';
        return { answers: [answers[0], answers.at(-1)], streamed };
    },
    async identity() {
        const client = await auth.getIdTokenClient(process.argv[3]);
        return { token: await client.idTokenProvider.fetchIdToken(process.argv[3]) };
    },
};

const done = await acts[process.argv[2]]();
console.log(JSON.stringify({ tokens: tokens.size, ...done }));
