import { DockerError } from '../server/failure.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

const MAX_LENGTH = 64 * 1024;

/**
 * X-Registry-Auth: JSON in base64, of either alphabet, with or without padding. Undefined when it names nobody: then the
 * engine's own sign-ins are tried.
 */
export function registryCredentials(
  header: string | readonly string[] | undefined,
): RegistryCredentials | undefined {
  if (typeof header !== 'string' || header === '' || header.length > MAX_LENGTH) return undefined;
  const { username, password, identitytoken, registrytoken } = decode(header);
  if (typeof username === 'string' && username !== '' && typeof password === 'string' && password !== '') {
    return { username, password };
  }
  if (identitytoken || registrytoken) {
    throw new DockerError(
      501,
      'tokens in place of passwords are not supported: sign in with a name and an access token',
    );
  }
  return undefined;
}

function decode(header: string): Readonly<Record<string, unknown>> {
  const text = Buffer.from(header.replaceAll('-', '+').replaceAll('_', '/'), 'base64').toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>>;
  } catch {
    // Refused below, without repeating it: there may be a password in it.
  }
  throw new DockerError(400, 'invalid X-Registry-Auth header');
}
