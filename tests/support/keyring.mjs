// A private message bus with the real gnome-keyring on it, whose default collection a test can lock, kill or freeze.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expectStatus, until } from './stage.mjs';

const secrets = 'org.freedesktop.secrets';
const path = '/org/freedesktop/secrets';

// What serves secrets is what the test started; the one thing that can be activated on this bus is the prompt, by a folder
// that holds nothing else.
const configuration = (socket, services) => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth>
${services ? `<servicedir>${services}</servicedir>` : ''}
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>`;

export class Keyring {
    // With a display, the keyring's question is shown there when somebody asks for it.
    static async start(stage, { password = 'correct horse', display } = {}) {
        const keyring = new Keyring(stage);
        const services = display && join(stage.root, 'services');
        if (services) {
            mkdirSync(services);
            const name = 'org.gnome.keyring.SystemPrompter';
            stage.file(`services/${name}.service`, `[D-BUS Service]\nName=${name}\nExec=/usr/libexec/gcr-prompter\n`);
        }
        const bus = stage.start(
            'dbus-daemon',
            [`--config-file=${stage.file('bus.conf', configuration(keyring.socket, services))}`, '--nofork', '--print-address=1'],
            // What it activates runs in its environment.
            { env: display ? { DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' } : {} },
        );
        await bus.line('its address');
        await keyring.serve(password);
        return keyring;
    }

    constructor(stage) {
        this.stage = stage;
        this.socket = join(stage.root, 'bus');
        const run = join(stage.root, 'user', 'run');
        mkdirSync(run, { mode: 0o700 });
        // Only what hearth and the keyring need to find each other.
        Object.assign(stage.variables, {
            DBUS_SESSION_BUS_ADDRESS: `unix:path=${this.socket}`,
            XDG_RUNTIME_DIR: run,
            XDG_DATA_HOME: join(stage.root, 'user', 'share'),
        });
    }

    // Starts the daemon; the first password makes the collection, later ones have to fit.
    async serve(password) {
        this.daemon = this.stage.start('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--foreground'], { stdin: 'pipe' });
        this.daemon.child.stdin.end(password);
        await until('the keyring to be on the bus', async () => (await this.#owner()) === true);
        await until('the login collection', async () => (await this.collection()) !== undefined);
    }

    async #owner() {
        const answer = await this.stage.run('gdbus', [
            'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus',
            '--method', 'org.freedesktop.DBus.NameHasOwner', secrets,
        ]);
        return answer.stdout.includes('true');
    }
    // The path of the default collection.
    async collection() {
        const answer = await this.call('ReadAlias', 'default');
        return /'(\/org\/freedesktop\/secrets\/collection\/[^']+)'/.exec(answer.stdout)?.[1];
    }
    call(method, ...values) {
        return this.stage.run('gdbus', [
            'call', '--session', '--dest', secrets, '--object-path', path, '--method', `org.freedesktop.Secret.Service.${method}`, ...values,
        ]);
    }

    async lock() {
        const collection = await this.collection();
        assert.ok(collection);
        expectStatus(await this.call('Lock', `['${collection}']`), 0);
    }
    // As after a crash: nobody says goodbye on the bus.
    kill() {
        return this.daemon.stop('SIGKILL');
    }
    // From now on every call is taken and none is answered.
    freeze() {
        process.kill(this.daemon.pid, 'SIGSTOP');
    }
    thaw() {
        process.kill(this.daemon.pid, 'SIGCONT');
    }

    // What another program of this user finds: the items of this application, as text.
    async items() {
        const found = await this.stage.run('secret-tool', ['search', '--all', '--unlock', 'application', 'hearth']);
        return found.stdout + found.stderr;
    }
}
