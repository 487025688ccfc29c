import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { BuildRequest } from '../../contract/index.ts';
import type { BuildDetails, Platform } from '../../types/index.ts';

/** Their values are kept nowhere. */
const SECRET_NAME = /pass|secret|token|key|credential|auth/i;

/** What is known of a build before it begins. */
export function buildDetails(request: BuildRequest, machine: Platform, startedAt: Date): BuildDetails {
  const { context, tags, platform, platforms } = request;
  const place =
    context.kind === 'folder' ? context.path : context.kind === 'git' ? withoutUser(context.url) : '';
  const { os, architecture, variant } = platforms[0] ?? platform ?? machine;
  return {
    id: randomBytes(12).toString('hex'),
    name: tags[0] ?? (basename(place) || 'build'),
    references: tags,
    context: place,
    dockerfile: request.dockerfile ?? 'Dockerfile',
    target: request.target ?? null,
    platform: { os, architecture, ...(variant !== undefined && { variant }) },
    status: 'running',
    startedAt: startedAt.toISOString(),
    ...{ endedAt: null, steps: 0, cachedSteps: 0, warnings: 0, imageId: null, error: null },
    ...{ progress: [], checks: [], result: null },
    buildArgs: withoutSecrets(request.buildArgs),
  };
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/@]+@/, '//');
}

function withoutSecrets(buildArgs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(buildArgs).map(([name, value]) => [name, SECRET_NAME.test(name) ? '' : value]),
  );
}
