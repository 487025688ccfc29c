import { net, protocol } from 'electron';
import { pathToFileURL } from 'node:url';
import { findStaticFile } from '@longshore/engine/host';

/** The page's own scheme: a real origin (unlike file:), so that CSP, storage and the sender check can name it. */
const SCHEME = 'longshore';
export const APP_ORIGIN = `${SCHEME}://app`;
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Before the app is ready, as Electron demands. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer, read-only, and nothing outside its folder. */
export function serveRenderer(rendererDir: string): void {
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = host === 'app' ? await findStaticFile(rendererDir, pathname) : undefined;
    if (file === undefined) return new Response('Not found', { status: 404 });
    return net.fetch(pathToFileURL(file).href);
  });
}
