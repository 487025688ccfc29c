import { type ElectronApplication, expect, test } from '@playwright/test';
import { startApp } from '../fixtures/electron-app.ts';
import { makeFolders } from '../fixtures/folders.ts';

test('the page is confined', async () => {
  await using folders = await makeFolders();
  await using running = await startApp(folders);
  const { app, page } = running;

  await test.step('it is sandboxed, isolated, and has no Node', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      // Not in Electron's types, and the only way to see what a window really has.
      const contents = window?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webviewTag };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
    expect(
      await page.evaluate(() => [
        typeof Reflect.get(globalThis, 'require'),
        typeof Reflect.get(globalThis, 'process'),
      ]),
    ).toEqual(['undefined', 'undefined']);
  });

  await test.step('it runs no script but its own', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      return Reflect.get(globalThis, 'injected') === true;
    });
    expect(ran).toBe(false);
    // From the page's own script: what a debugger evaluates is exempt from the policy.
    const evaluated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          setTimeout(() => {
            try {
              // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the very thing that must be refused
              resolve(new Function('return 1 + 1')());
            } catch (error) {
              resolve(String(error));
            }
          });
        }),
    );
    expect(evaluated).toContain('Content Security Policy');
  });

  await test.step('it talks to nobody', async () => {
    const reached = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'reached',
        () => 'refused',
      ),
    );
    expect(reached).toBe('refused');
  });

  await test.step('its files end at its folder', async () => {
    const status = await page.evaluate(
      async () => (await fetch('longshore://app/%2e%2e/package.json')).status,
    );
    expect(status).toBe(404);
  });

  await test.step('the door checks every input', async () => {
    const answer = await page.evaluate(
      () =>
        new Promise((resolve) => {
          window.addEventListener('message', ({ ports: [port] }) => {
            if (port === undefined) return;
            port.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
            const input = { container: { $ne: '' } };
            port.postMessage({ t: 'open', id: 1, operation: 'containers.inspect', input, credit: 1 });
          });
          (Reflect.get(globalThis, 'longshore') as { connect(): void }).connect();
        }),
    );
    expect(answer).toMatchObject({ t: 'error', error: { code: 'invalid-argument' } });
  });

  await test.step('it goes nowhere and opens nothing', async () => {
    const before = await addressOf(app);
    await page.evaluate(() => {
      window.open('file:///etc/passwd');
      location.href = 'http://127.0.0.1:9/';
    });
    expect(await addressOf(app)).toBe(before);
    expect(app.windows()).toHaveLength(1);
  });
});

/** As the main process has it: the page's own idea waits for a navigation that never comes. */
function addressOf(app: ElectronApplication): Promise<string | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
}
