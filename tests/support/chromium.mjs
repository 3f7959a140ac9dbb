// A real browser: headless Chromium, kept off every network but this machine's own.
import { chromium } from 'playwright-core';

const parameters = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    // Its own guard of local addresses is off: what listens there has to hold without it.
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
];

// A page of a browser of its own, and what the browser complains of; `names` are resolved to this machine.
export async function openPage(t, stage, names = []) {
    const here = names.map((name) => `MAP ${name} 127.0.0.1 , `).join('');
    const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        headless: true,
        args: [...parameters, `--host-resolver-rules=${here}MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1`],
        env: { ...stage.variables, HEARTH_HOME: '' },
    });
    t.after(() => browser.close());
    const page = await (await browser.newContext()).newPage();
    const complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    return { page, complaints };
}
