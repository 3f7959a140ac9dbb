// A person with a very plain browser: follows redirects, keeps cookies, fills in the first form of each page.
import assert from 'node:assert/strict';

const entities = { '&amp;': '&', '&quot;': '"', '&lt;': '<', '&gt;': '>', '&#39;': "'", '&#x2F;': '/' };
const plain = (text) => text.replace(/&(amp|quot|lt|gt|#39|#x2F);/g, (one) => entities[one]);

export class Person {
    cookies = new Map();

    // Fetches an address as a browser does; `answers` holds what to type into fields by name.
    async visit(address, answers = {}, form) {
        let url = address;
        let request = form;
        for (let step = 0; step < 30; ++step) {
            const reply = await this.#fetch(url, request);
            request = undefined;
            const onward = reply.headers.get('location');
            if (onward) {
                url = new URL(onward, url).href;
                continue;
            }
            const page = await reply.text();
            const next = this.#form(page, url, answers);
            if (!next) return { url, status: reply.status, page, text: page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') };
            ({ url, request } = next);
        }
        assert.fail(`no end after 30 steps, at ${url}`);
    }

    async #fetch(url, body) {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const reply = await fetch(url, { redirect: 'manual', method: body ? 'POST' : 'GET', body, headers: cookie ? { cookie } : {} });
        for (const line of reply.headers.getSetCookie()) {
            const [name, value] = line.split(';')[0].split(/=(.*)/s);
            if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
            else this.cookies.set(name, value);
        }
        return reply;
    }

    // Browsers submit to where the form says; hidden fields go along.
    #form(page, url, answers) {
        const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page)?.[0];
        if (!form) return undefined;
        const attribute = (tag, name) => plain(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '');
        const fields = new URLSearchParams();
        for (const [tag] of form.matchAll(/<input[^>]*>/gi)) {
            const name = attribute(tag, 'name');
            if (name) fields.set(name, answers[name] ?? attribute(tag, 'value'));
        }
        const button = /<button[^>]*name="[^"]*"[^>]*>/i.exec(form)?.[0];
        if (button) fields.set(attribute(button, 'name'), attribute(button, 'value'));
        return { url: new URL(attribute(/<form[^>]*>/i.exec(form)[0], 'action') || url, url).href, request: fields };
    }
}

// What oidc-provider's development pages ask for.
export const alice = { login: 'alice', password: 'anything' };
