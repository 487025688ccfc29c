import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** The media type of a file of the renderer by its ending; undefined for what the renderer never has. */
export function mediaTypeOf(file: string): string | undefined {
  return MEDIA_TYPES[path.extname(file)];
}

/**
 * The file of `folder` that a URL path names, symlinks resolved; undefined when there is none, or it lies outside.
 * @param urlPath begins with a slash; `/` is index.html.
 */
export async function findStaticFile(folder: string, urlPath: string): Promise<string | undefined> {
  const name = decodePath(urlPath);
  if (name === undefined) return undefined;
  try {
    const base = await realpath(folder);
    const file = await realpath(path.join(base, name === '/' ? 'index.html' : name));
    const inside = file.startsWith(base + path.sep);
    return inside && mediaTypeOf(file) !== undefined && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Assets carry their digest in the name and never change; the page itself is asked for each time. */
export async function sendFile(file: string, response: ServerResponse): Promise<void> {
  const immutable = path.basename(path.dirname(file)) === 'assets';
  response.setHeader('Content-Type', mediaTypeOf(file) ?? 'application/octet-stream');
  response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  await pipeline(createReadStream(file), response);
}

function decodePath(urlPath: string): string | undefined {
  try {
    const decoded = decodeURIComponent(urlPath);
    return decoded.includes('\0') ? undefined : path.posix.normalize(decoded);
  } catch {
    return undefined;
  }
}
