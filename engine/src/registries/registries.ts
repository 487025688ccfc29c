import type { EngineHandlers } from '../contract/index.ts';
import type { SignIns } from '../credentials/index.ts';
import { EngineError } from '../errors/index.ts';
import type { Credentials, RegistryClient } from '../registry/index.ts';
import { hostOf } from './host.ts';
import { RemoteContent } from './remote-content.ts';
import type { SettingsStore } from './settings-store.ts';

export interface RegistriesParts {
  readonly registry: RegistryClient;
  readonly signIns: SignIns;
  readonly settings: SettingsStore;
}

const DOCKER_HUB = 'docker.io';

/** Registries as places to sign in to and to look around in. */
export class Registries {
  private readonly parts: RegistriesParts;
  private readonly content: RemoteContent;

  constructor(parts: RegistriesParts) {
    this.parts = parts;
    this.content = new RemoteContent(parts);
  }

  readonly handlers: EngineHandlers['registries'] = {
    list: () => this.parts.signIns.list(),
    signIn: async ({ registry, username, password, insecure, keep }, { signal }) => {
      const host = hostOf(registry);
      const credentials = { username, password };
      await this.parts.registry.signIn(host, { credentials, insecure }, signal);
      if (keep) await this.parts.signIns.save(host, username, password);
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
      const credentials = await this.credentialsFor(domain, signal);
      return this.parts.registry.search(domain, word, { credentials, insecure, limit }, signal);
    },
    catalog: async ({ registry, limit, insecure }, { signal }) => {
      const host = hostOf(registry);
      const credentials = await this.credentialsFor(host, signal);
      return this.parts.registry.catalog(host, { credentials, insecure, limit }, signal);
    },
    tags: (request, { signal }) => this.content.tags(request, signal),
    manifest: (request, { signal }) => this.content.manifest(request, signal),
    referrers: (request, { signal }) => this.content.referrers(request, signal),
    deleteManifest: (request, { signal }) => this.content.delete(request, signal),
    settings: () => Promise.resolve(this.parts.settings.current),
    saveSettings: (settings) => this.parts.settings.save(settings),
  };

  private async credentialsFor(domain: string, signal: AbortSignal): Promise<Credentials | undefined> {
    return (await this.parts.signIns.find(domain, signal)) ?? undefined;
  }
}

/** `localhost:5000/app` is searched there; a term without a host in front, on Docker Hub. */
function splitTerm(term: string): { readonly domain: string; readonly word: string } {
  const [first = '', ...rest] = term.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? { domain: hostOf(first), word: rest.join('/') } : { domain: DOCKER_HUB, word: term };
}
