import { jsonOrUndefined } from '../../json.ts';
import { DockerError } from '../server/failure.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

type Header = string | readonly string[] | undefined;
type Document = Readonly<Record<string, unknown>>;

const MAX_LENGTH = 64 * 1024;

/**
 * X-Registry-Auth: JSON in base64, of either alphabet, with or without padding. Undefined when it names nobody: then the
 * engine's own sign-ins are tried.
 */
export function registryCredentials(header: Header): RegistryCredentials | undefined {
  const document = decode(header, 'X-Registry-Auth');
  return document && credentialsOf(document);
}

/**
 * X-Registry-Config: the same for many registries, by their host. Clients send all that they know: those that name
 * nobody, or name him by a token, are left out.
 */
export function registryConfig(header: Header): Record<string, RegistryCredentials> {
  const entries = Object.entries(decode(header, 'X-Registry-Config') ?? {});
  return Object.fromEntries(
    entries.flatMap(([address, value]) => {
      const found = isDocument(value) && passwordOf(value);
      return found ? [[hostOf(address), found] as const] : [];
    }),
  );
}

function credentialsOf(document: Document): RegistryCredentials | undefined {
  const found = passwordOf(document);
  if (found === undefined && (document['identitytoken'] || document['registrytoken'])) {
    throw new DockerError(
      501,
      'tokens in place of passwords are not supported: sign in with a name and an access token',
    );
  }
  return found;
}

function passwordOf({ username, password }: Document): RegistryCredentials | undefined {
  if (typeof username !== 'string' || typeof password !== 'string') return undefined;
  return username === '' || password === '' ? undefined : { username, password };
}

/** Docker Hub is known by the address of its first API. */
function hostOf(address: string): string {
  const host = address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function decode(header: Header, name: string): Document | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const text = Buffer.from(header.slice(0, MAX_LENGTH).replaceAll('-', '+').replaceAll('_', '/'), 'base64');
  const parsed = jsonOrUndefined(text.toString('utf8'));
  if (isDocument(parsed)) return parsed;
  if (parsed === null) return undefined;
  // Without repeating it: there may be a password in it.
  throw new DockerError(400, `invalid ${name} header`);
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
