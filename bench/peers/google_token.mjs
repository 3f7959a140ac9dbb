// One token of Google's in its own library for Node: from the library's cache, and through the metadata server, with the library
// and by a bare request over a connection that stays. usage, in `hearth exec`: google_token.mjs ROUNDS
import { Agent, get } from 'node:http';

import { GoogleAuth } from 'google-auth-library';

const rounds = Number(process.argv[2]);
const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
const client = await auth.getClient();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const url = `http://${process.env.GCE_METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/token`;

function bare() {
    return new Promise((resolve, reject) => {
        const asked = get(url, { agent, headers: { 'Metadata-Flavor': 'Google' } }, (answer) => {
            let text = '';
            answer.on('data', (piece) => (text += piece)).on('end', () => resolve(JSON.parse(text).access_token));
        });
        asked.on('error', reject);
    });
}

const doors = {
    'its cache': { rounds, fetch: async () => (await client.getAccessToken()).token },
    'the library': { rounds: rounds / 10, fetch: async () => (await client.refreshTokenNoCache()).tokens.access_token },
    'a request': { rounds: rounds / 10, fetch: bare },
};
const medians = {};
for (const [name, { rounds: turns, fetch }] of Object.entries(doors)) {
    await fetch();
    const taken = [];
    for (let i = 0; i < turns; ++i) {
        const begun = process.hrtime.bigint();
        if (!(await fetch())) throw new Error(name);
        taken.push(Number(process.hrtime.bigint() - begun) / 1000);
    }
    taken.sort((a, b) => a - b);
    medians[name] = taken[Math.floor(taken.length / 2)];
}
for (const [name, middle] of Object.entries(medians))
    console.log(`  ${name.padEnd(12)} ${middle.toFixed(1).padStart(9)} microseconds  ${(middle / medians['its cache']).toFixed(1).padStart(7)} of its cache`);
agent.destroy();
