import { EngineError } from '@longshore/engine/errors';
import type { ImageSummary, LayerProgress, PullProgress, Task } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

const MB = 1_000_000;
const STEP_MS = 120;
const SIZES_MB = [28.2, 318, 87.6, 242, 112, 64, 18.5, 1.2];

/**
 * A pull that takes its time, layer by layer. Names with `missing` fail as a registry would refuse them,
 * those with `private` unless somebody has signed in.
 */
export async function* fakePull(
  world: FakeWorld,
  reference: string,
  signal: AbortSignal,
  signedIn = false,
): AsyncGenerator<PullProgress> {
  const full = /[:@]/.test(reference.slice(reference.lastIndexOf('/') + 1))
    ? reference
    : `${reference}:latest`;
  let task = world.setTask({
    id: fakeId(`${full}${Date.now()}`).slice(0, 12),
    kind: 'image-pull',
    subject: full,
    startedAt: new Date().toISOString(),
    endedAt: null,
    status: 'running',
    fraction: null,
    error: null,
  });
  const end = (part: Partial<Task>) => {
    task = world.setTask({ ...task, endedAt: new Date().toISOString(), ...part });
  };
  yield { stage: 'resolving', reference: full };
  await world.pause(600, signal);
  await world.registry.passed();
  if (full.includes('missing')) {
    const error = new EngineError('not-found', `The registry has no image "${full}".`, {
      hint: 'Check the name and the tag, or sign in if the image is private.',
      detail: { step: 'manifest', path: full },
    });
    end({ status: 'failed', error: { code: error.code, message: error.message, hint: error.hint ?? '' } });
    throw error;
  }
  if (full.includes('private') && !signedIn) {
    const error = new EngineError('unauthenticated', `You may not pull ${full}.`, {
      hint: 'Sign in to its registry first.',
      detail: { step: 'manifest', path: full },
    });
    end({ status: 'failed', error: { code: error.code, message: error.message } });
    throw error;
  }
  const stride = world.pace === 0 ? 20 : 1;
  for (let step = 0; step <= 60; step += stride) {
    if (world.cancelled.has(task.id)) {
      end({ status: 'cancelled' });
      throw new EngineError('cancelled', 'The pull was cancelled.');
    }
    const layers = SIZES_MB.map((size, index) => layerAt(full, index, size * MB, step));
    task = world.setTask({ ...task, fraction: step / 60 });
    yield {
      stage: 'pulling',
      reference: full,
      platform: { os: 'linux', architecture: 'amd64' },
      manifestDigest: `sha256:${fakeId(full)}`,
      layers,
    };
    await world.pause(STEP_MS, signal);
  }
  const image: ImageSummary = {
    id: `sha256:${fakeId(full)}`,
    references: [full],
    repoDigests: [],
    createdAt: new Date(Date.now() - 8 * 86_400_000).toISOString(),
    sizeBytes: 871 * MB,
    uniqueBytes: 843 * MB,
    platform: { os: 'linux', architecture: 'amd64' },
    labels: {},
    usedBy: [],
  };
  world.images.set(image.id, image);
  world.publish({ type: 'image', action: 'pull', id: image.id, reference: full });
  end({ status: 'done', fraction: 1 });
  yield { stage: 'done', reference: full, manifestDigest: `sha256:${fakeId(full)}`, image, upToDate: false };
}

function layerAt(reference: string, index: number, size: number, step: number): LayerProgress {
  const digest = `sha256:${fakeId(`${reference}${index}`)}`;
  if (index === 0) return { digest, stage: 'exists', downloadedBytes: 0, unpackedBytes: 0, sizeBytes: size };
  const at = (step - index * 4) / 26;
  const downloaded = Math.round(Math.min(1, Math.max(0, at * 1.6)) * size);
  const unpacked = Math.round(Math.min(1, Math.max(0, at * 1.6 - 0.6)) * size);
  const stage =
    at <= 0
      ? 'waiting'
      : at >= 1
        ? 'done'
        : downloaded < size
          ? 'downloading'
          : at < 0.72
            ? 'verifying'
            : 'unpacking';
  return { digest, stage, downloadedBytes: downloaded, unpackedBytes: unpacked, sizeBytes: Math.round(size) };
}
