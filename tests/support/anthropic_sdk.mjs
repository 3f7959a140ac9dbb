// Anthropic's SDK as a program that lives on: each line of its input is one request, each line of its output the answer.
import { createInterface } from 'node:readline';

import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ maxRetries: 0 });
for await (const line of createInterface({ input: process.stdin })) {
    try {
        const message = await client.messages.create({
            model: 'claude-sonnet-4-5',
            max_tokens: 16,
            messages: [{ role: 'user', content: line }],
        });
        console.log(JSON.stringify({ role: message.role }));
    } catch (problem) {
        console.log(JSON.stringify({ problem: String(problem) }));
    }
}
