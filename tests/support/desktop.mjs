// A desktop that nobody sees: an X server, and a person who finds windows by their titles and types into them.
import { expectStatus, until } from './stage.mjs';

export class Desktop {
    static async start(stage) {
        const server = stage.start('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-noreset']);
        return new Desktop(stage, `:${await server.line('its number')}`);
    }

    constructor(stage, display) {
        this.stage = stage;
        this.display = display;
    }

    #ask(...words) {
        return this.stage.run('xdotool', words, { env: { DISPLAY: this.display } });
    }
    // Whether a window with such a title can be seen.
    async #find(title) {
        const found = await this.#ask('search', '--onlyvisible', '--name', title);
        return found.stdout.split('\n')[0];
    }
    // Waits for the window, and types once it has the keyboard.
    async answer(title, text, key) {
        const window = await until(`a window '${title}'`, () => this.#find(title));
        // Without a window manager nobody else gives it the keyboard.
        await until('the keyboard', async () => {
            await this.#ask('windowfocus', window);
            return (await this.#ask('getwindowfocus')).stdout.trim() === window;
        });
        if (text) expectStatus(await this.#ask('type', '--delay', '5', text), 0);
        expectStatus(await this.#ask('key', key), 0);
    }
    async gone(title) {
        await until(`the window '${title}' to close`, async () => !(await this.#find(title)));
    }
}
