/**
 * Electron's default_app: the part that makes `electron PATH` start the app at PATH. The carrier of the runtime does
 * not have it, so here is the little of it that development and tests use.
 */
const MAIN = `
import { app } from 'electron';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
const require = createRequire(import.meta.url);
const argv = process.argv.slice(1), preload = [];
let i = 0;
for (; i < argv.length && argv[i].startsWith('-'); i++) {
  if (argv[i] === '-v' || argv[i] === '--version') { console.log('v' + process.versions.electron); process.exit(0); }
  if (argv[i] === '-r' || argv[i] === '--require') preload.push(argv[++i]);
}
if (!argv[i]) { console.error('electron: no app given'); process.exit(1); }
const target = path.resolve(argv[i]);
let folder = path.dirname(target);
if (fs.statSync(target).isDirectory()) {
  folder = target;
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (manifest.version) app.setVersion(manifest.version);
  if (manifest.desktopName) app.setDesktopName(manifest.desktopName);
  app.setName(manifest.productName || manifest.name || 'Electron');
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
}
app.setAppPath(folder);
process.argv.splice(1, i);
process.defaultApp = true;
for (const module of preload) require(path.resolve(module));
try {
  // Awaited here, so that Electron is not ready before the app has said what must be said before that.
  await import(pathToFileURL(require.resolve(target)).href);
} catch (error) {
  console.error('App threw an error during load', error);
  process.exit(1);
}
`;

/** The default app as an asar archive: a pickled header with the files' places, then the files. */
export function defaultAppArchive() {
  const manifest = JSON.stringify({
    name: 'electron',
    productName: 'Electron',
    type: 'module',
    main: 'main.js',
  });
  const files = Object.entries({ 'package.json': manifest, 'main.js': MAIN });
  let offset = 0;
  const index = Object.fromEntries(
    files.map(([name, text]) => {
      const entry = { size: Buffer.byteLength(text), offset: String(offset) };
      offset += entry.size;
      return [name, entry];
    }),
  );
  const header = Buffer.from(JSON.stringify({ files: index }));
  const padding = (4 - (header.length % 4)) % 4;
  const sizes = [4, header.length + padding + 8, header.length + padding + 4, header.length];
  const pickle = Buffer.alloc(16);
  sizes.forEach((size, position) => pickle.writeUInt32LE(size, 4 * position));
  return Buffer.concat([
    pickle,
    header,
    Buffer.alloc(padding),
    ...files.map(([, text]) => Buffer.from(text)),
  ]);
}
