import { mkdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../errors/index.ts';
import { jsonOrUndefined } from '../json.ts';
import { errnoOf, writeDurably } from '../metadata/index.ts';
import { DEFAULT_CONTEXT } from './context-file.ts';

const MAX_CONFIG_BYTES = 1024 * 1024;

/** The context that docker(1) takes when nobody names one. */
export async function readCurrentContext(configDir: string): Promise<string> {
  const { currentContext } = await readConfig(configDir);
  return typeof currentContext === 'string' && currentContext !== '' ? currentContext : DEFAULT_CONTEXT;
}

/** As `docker context use`: all else in docker's settings stays as it is, sign-ins among them. */
export async function writeCurrentContext(configDir: string, name: string): Promise<void> {
  const { currentContext: _before, ...rest } = await readConfig(configDir);
  const config = name === DEFAULT_CONTEXT ? rest : { ...rest, currentContext: name };
  await mkdir(configDir, { recursive: true, mode: 0o700 });
  // Docker indents with tabs.
  await writeDurably(await behindLinks(configFile(configDir)), JSON.stringify(config, null, '\t'));
}

function configFile(configDir: string): string {
  return path.join(configDir, 'config.json');
}

async function readConfig(configDir: string): Promise<Readonly<Record<string, unknown>>> {
  const file = configFile(configDir);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return {};
    throw unreadable(file, errnoOf(thrown) ?? 'it does not open');
  }
  if (bytes.byteLength > MAX_CONFIG_BYTES) throw unreadable(file, 'it is too large');
  const config = parse(bytes.toString('utf8'));
  if (config === undefined) throw unreadable(file, 'it is not what docker writes');
  return config;
}

function parse(text: string): Record<string, unknown> | undefined {
  const value = jsonOrUndefined(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function unreadable(file: string, reason: string): EngineError {
  return new EngineError('failed-precondition', `Docker's ${file} cannot be read: ${reason}.`, {
    detail: { step: 'docker-context', path: file },
    hint: 'Mend the file, or move it away.',
  });
}

/** Many keep it elsewhere, under version control, with a link here. */
async function behindLinks(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return file;
    throw thrown;
  }
}
