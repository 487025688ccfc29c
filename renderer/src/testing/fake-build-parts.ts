import type { BuildCacheEntry, BuildDetails, BuildStep, BuildWarning } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';

export const BUILT_STEPS: readonly BuildStep[] = [
  step(0, 'build', 1, 'FROM node:20 AS build', []),
  step(1, 'build', 2, 'WORKDIR /app', [0]),
  step(2, 'build', 3, 'COPY package*.json ./', [1]),
  step(3, 'build', 4, 'RUN npm ci', [2]),
  step(4, '1', 6, 'FROM nginx:stable', []),
  step(5, '1', 7, 'COPY --from=build /app/dist /usr/share/nginx/html', [3, 4]),
];

export const STEP_LINES = ['added 214 packages in 4s', 'found 0 vulnerabilities', 'built in 2.31s'];

export const BUILD_WARNING: BuildWarning = {
  rule: 'FromAsCasing',
  message: "'as' and 'FROM' keywords' casing do not match",
  line: 1,
  column: 1,
  sourceLine: 'FROM node:20 as build',
  url: 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
};

/** Of a step that no image needs, and of one that an image was made from. */
export const BUILD_CACHE: readonly BuildCacheEntry[] = [
  cacheEntry('RUN npm ci', 184_000_000, false),
  cacheEntry('COPY --from=build /app/dist /usr/share/nginx/html', 4_200_000, true),
];

/** A history: one that went well, one that did not. */
export function finishedBuilds(): readonly BuildDetails[] {
  return [finished('shop/web:1.4', null), finished('shop/worker:1.4', 'The command "npm ci" ended with 1.')];
}

function finished(reference: string, failure: string | null): BuildDetails {
  const imageId = failure === null ? `sha256:${fakeId(`image ${reference}`)}` : null;
  const platform = { os: 'linux', architecture: 'amd64' };
  const error = failure === null ? null : ({ code: 'failed-precondition', message: failure } as const);
  return {
    id: fakeId(`build ${reference}`).slice(0, 24),
    name: reference,
    references: [reference],
    context: '/home/ada/shop',
    dockerfile: 'Dockerfile',
    target: null,
    platform,
    status: failure === null ? 'done' : 'failed',
    startedAt: '2026-11-20T09:12:04.000Z',
    endedAt: '2026-11-20T09:12:41.000Z',
    steps: BUILT_STEPS.length,
    cachedSteps: 2,
    warnings: 1,
    imageId,
    error,
    progress: BUILT_STEPS.map((each) => ({
      ...each,
      state: each.index < 2 ? 'cached' : failure !== null && each.index === 3 ? 'failed' : 'done',
      startedAt: each.index < 2 ? null : '2026-11-20T09:12:06.000Z',
      durationMs: each.index < 2 ? 0 : 6200,
      sizeBytes: 4_200_000,
      miss: each.index < 2 ? null : { reason: 'files-changed', detail: 'package.json has changed' },
      error: failure !== null && each.index === 3 ? error : null,
    })),
    checks: [BUILD_WARNING],
    buildArgs: { NODE_ENV: 'production' },
    result:
      imageId === null
        ? null
        : { imageId, manifestDigest: `sha256:${fakeId(reference)}`, references: [reference], platform },
  };
}

function step(
  index: number,
  stage: string,
  line: number,
  instruction: string,
  inputs: readonly number[],
): BuildStep {
  return { index, name: `[${stage} ${index + 1}/6] ${instruction}`, stage, instruction, line, inputs };
}

function cacheEntry(description: string, sizeBytes: number, shared: boolean): BuildCacheEntry {
  const at = '2026-11-20T09:12:41.000Z';
  const times = { createdAt: at, lastUsedAt: at, usedTimes: 3 };
  return {
    id: fakeId(`cache ${description}`),
    kind: 'step',
    description,
    sizeBytes,
    ...times,
    shared,
    inUse: false,
  };
}
