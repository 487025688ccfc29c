import type { EngineHandlers } from '../contract/index.ts';
import type { SignIns } from '../credentials/index.ts';
import { EngineError } from '../errors/index.ts';
import { parseReference } from '../oci/index.ts';
import type { RegistryClient } from '../registry/index.ts';

export interface RegistriesParts {
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
}

const DOCKER_HUB = 'docker.io';
/** Names under which docker's tools know it. */
const DOCKER_HUB_NAMES: ReadonlySet<string> = new Set([
  DOCKER_HUB,
  'index.docker.io',
  'registry-1.docker.io',
  'hub.docker.com',
  'registry.hub.docker.com',
]);

/** Registries as places to sign in to and to look around in. */
export class Registries {
  private readonly parts: RegistriesParts;

  constructor(parts: RegistriesParts) {
    this.parts = parts;
  }

  readonly handlers: EngineHandlers['registries'] = {
    list: () => this.parts.signIns.list(),
    signIn: async ({ registry, username, password, insecure }, { signal }) => {
      const host = hostOf(registry);
      const credentials = { username, password };
      await this.parts.registry.signIn(host, { credentials, insecure }, signal);
      await this.parts.signIns.save(host, username, password);
      return { registry: host, username, source: 'longshore' };
    },
    signOut: async ({ registry }) => {
      const host = hostOf(registry);
      if (await this.parts.signIns.forget(host)) return { registry: host };
      throw new EngineError('not-found', `You are not signed in to ${host}.`, {
        detail: { step: 'sign-out', path: host },
        hint: "What docker's own tools have stored is theirs to forget: docker logout.",
      });
    },
    search: async ({ term, limit, insecure }, { signal }) => {
      const { domain, word } = splitTerm(term);
      const credentials = (await this.parts.signIns.find(domain, signal)) ?? undefined;
      return this.parts.registry.search(domain, word, { credentials, insecure, limit }, signal);
    },
    tags: async ({ repository, insecure, limit }, { signal }) => {
      const reference = parseReference(repository);
      const credentials = (await this.parts.signIns.find(reference.domain, signal)) ?? undefined;
      const opened = await this.parts.registry.open(reference, { credentials, insecure }, signal);
      return opened.tags(limit, signal);
    },
  };
}

/** `localhost:5000/app` is searched there; a term without a host in front, on Docker Hub. */
function splitTerm(term: string): { readonly domain: string; readonly word: string } {
  const [first = '', ...rest] = term.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? { domain: hostOf(first), word: rest.join('/') } : { domain: DOCKER_HUB, word: term };
}

/** As a person writes a registry, with or without scheme and path; the way references write it. */
export function hostOf(text: string): string {
  const host = text
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  if (DOCKER_HUB_NAMES.has(host)) return DOCKER_HUB;
  if (/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/.test(host)) return host;
  throw new EngineError('invalid-argument', `${text.slice(0, 200)} is no registry's name.`, {
    detail: { step: 'registry', path: text.slice(0, 200) },
    hint: 'Write its host, with the port if it has one: ghcr.io, localhost:5000.',
  });
}
