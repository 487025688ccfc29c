import { jsonOrUndefined } from '../../json.ts';
import { DockerError } from '../server/failure.ts';

interface PlatformInput {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** `linux/arm64/v8`, or the same as JSON, which clients send since 1.48. */
export function platformOf(text: string | undefined): PlatformInput | undefined {
  if (text === undefined) return undefined;
  const [os = '', architecture = '', variant] = text.startsWith('{') ? fromJson(text) : text.split('/');
  if (os !== '' && architecture !== '') return { os, architecture, ...(variant && { variant }) };
  throw new DockerError(400, `"${text.slice(0, 100)}" is an invalid platform: it is written os/architecture`);
}

function fromJson(text: string): readonly string[] {
  const { os, architecture, variant } = (jsonOrUndefined(text) ?? {}) as Readonly<Record<string, unknown>>;
  return [os, architecture, variant].filter((word) => typeof word === 'string');
}
