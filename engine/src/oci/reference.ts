import { EngineError } from '../errors/index.ts';
import { type Digest, isDigest } from './digest.ts';

/**
 * A normalised image reference: `docker.io/library/debian:bookworm`. The rules are those of
 * github.com/distribution/reference, which Docker, containerd and the registries share.
 */
export interface Reference {
  /** Host, with port if one was given: `docker.io`, `localhost:5000`. */
  readonly domain: string;
  /** Repository within the host: `library/debian`. */
  readonly path: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
}

const DEFAULT_DOMAIN = 'docker.io';
const LEGACY_DEFAULT_DOMAIN = 'index.docker.io';
const OFFICIAL_PREFIX = 'library/';
const DEFAULT_TAG = 'latest';
const MAX_PATH_LENGTH = 255;

const DOMAIN_COMPONENT = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const IPV6 = '\\[(?:[a-fA-F0-9:]+)\\]';
const DOMAIN = new RegExp(`^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|${IPV6})(?::[0-9]+)?$`);
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const BARE_ID = /^[a-f0-9]{64}$/;

/** Parses what a person writes, `debian` or `ghcr.io/x/y:1@sha256:...`. Fails with `invalid-argument` and why. */
export function parseReference(text: string): Reference {
  if (text === '') throw invalid(text, 'it is empty');
  if (text.length > 4096) throw invalid(text, 'it is too long');
  if (BARE_ID.test(text))
    throw invalid(text, 'it is an image id; an image name cannot be 64 hexadecimal digits');
  const [domain, remainder] = splitDomain(text);
  const { path, tag, digest } = splitRemainder(text, remainder);
  checkDomain(text, domain);
  checkPath(text, path);
  if (tag !== null && !TAG.test(tag)) {
    throw invalid(text, `the tag "${tag}" may have letters, digits, "_", "." and "-", at most 128`);
  }
  if (digest !== null && !isDigest(digest)) {
    throw invalid(text, 'what follows "@" must be "sha256:" and 64 hexadecimal digits');
  }
  return { domain, path, tag, digest };
}

/** `latest` for a reference that names neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  if (reference.tag !== null || reference.digest !== null) return reference;
  return { ...reference, tag: DEFAULT_TAG };
}

/** The full form: `docker.io/library/debian:bookworm`. */
export function formatReference(reference: Reference): string {
  return `${reference.domain}/${reference.path}${suffix(reference)}`;
}

/** As a person writes it: `debian:bookworm`. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffix(reference);
}

/** The familiar form without tag and digest: `debian`. */
export function familiarName(reference: Reference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return `${reference.domain}/${reference.path}`;
  if (!reference.path.startsWith(OFFICIAL_PREFIX)) return reference.path;
  const name = reference.path.slice(OFFICIAL_PREFIX.length);
  return name.includes('/') ? reference.path : name;
}

function suffix({ tag, digest }: Reference): string {
  return (tag === null ? '' : `:${tag}`) + (digest === null ? '' : `@${digest}`);
}

/** The first part is a host if it looks like one: with a dot, a port, upper case, or `localhost`. */
function splitDomain(text: string): readonly [domain: string, remainder: string] {
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  let domain = isHost ? first : DEFAULT_DOMAIN;
  let remainder = isHost ? text.slice(slash + 1) : text;
  if (domain === LEGACY_DEFAULT_DOMAIN) domain = DEFAULT_DOMAIN;
  if (domain === DEFAULT_DOMAIN && !remainder.includes('/')) remainder = OFFICIAL_PREFIX + remainder;
  return [domain, remainder];
}

function splitRemainder(text: string, remainder: string) {
  const at = remainder.indexOf('@');
  const digest = at === -1 ? null : remainder.slice(at + 1);
  const named = at === -1 ? remainder : remainder.slice(0, at);
  const colon = named.indexOf(':');
  const tag = colon === -1 ? null : named.slice(colon + 1);
  const path = colon === -1 ? named : named.slice(0, colon);
  if (path !== path.toLowerCase()) throw invalid(text, 'the repository name must be lower case');
  return { path, tag, digest };
}

function checkDomain(text: string, domain: string): void {
  if (!DOMAIN.test(domain)) throw invalid(text, `"${domain}" is not a host name`);
}

function checkPath(text: string, path: string): void {
  if (path.length > MAX_PATH_LENGTH) {
    throw invalid(text, `the repository name is longer than ${MAX_PATH_LENGTH} characters`);
  }
  for (const component of path.split('/')) {
    if (PATH_COMPONENT.test(component)) continue;
    const shown = component === '' ? 'an empty part' : `"${component}"`;
    throw invalid(text, `${shown} cannot be part of a repository name`);
  }
}

function invalid(text: string, reason: string): EngineError {
  const shown = text.length <= 100 ? text : `${text.slice(0, 100)}…`;
  return new EngineError('invalid-argument', `"${shown}" is not an image name: ${reason}.`, {
    detail: { step: 'reference', path: shown },
    hint: 'An image name looks like "debian", "debian:bookworm" or "registry.example.com/team/app:1.0".',
  });
}
