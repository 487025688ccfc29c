import { EngineError } from '../errors/index.ts';

const DOCKER_HUB = 'docker.io';
/** Names under which docker's tools know it. */
const DOCKER_HUB_NAMES: ReadonlySet<string> = new Set([
  DOCKER_HUB,
  'index.docker.io',
  'registry-1.docker.io',
  'hub.docker.com',
  'registry.hub.docker.com',
]);

const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

/** As a person writes a registry, with or without scheme and path; the way references write it. */
export function hostOf(text: string): string {
  const host = text
    .trim()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  if (DOCKER_HUB_NAMES.has(host)) return DOCKER_HUB;
  if (HOST.test(host)) return host;
  throw new EngineError('invalid-argument', `${text.slice(0, 200)} is no registry's name.`, {
    detail: { step: 'registry', path: text.slice(0, 200) },
    hint: 'Write its host, with the port if it has one: ghcr.io, localhost:5000.',
  });
}
