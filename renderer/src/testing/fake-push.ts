import { EngineError } from '@longshore/engine/errors';
import type { PushedLayer, PushProgress } from '@longshore/engine/types';
import { fakeId } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

const STEP_MS = 120;
const STEPS = 20;
const SIZES = [28_200_000, 87_600_000, 1_200_000];

/** A push that takes its time. Names with `private` want somebody to sign in first. */
export async function* fakePush(
  world: FakeWorld,
  reference: string,
  signal: AbortSignal,
  signedIn: boolean,
): AsyncGenerator<PushProgress> {
  yield { stage: 'preparing', reference };
  await world.pause(300, signal);
  if (reference.includes('private') && !signedIn) {
    throw new EngineError('unauthenticated', `You may not push to ${reference}.`, {
      hint: 'Sign in to its registry first.',
    });
  }
  for (let step = 0; step <= STEPS; step += world.pace === 0 ? STEPS : 1) {
    yield { stage: 'pushing', reference, layers: SIZES.map((size, index) => layerAt(size, index, step)) };
    await world.pause(STEP_MS, signal);
  }
  const image = [...world.images.values()].find(({ references }) => references.includes(reference));
  world.publish({ type: 'image', action: 'push', id: image?.id ?? '', reference });
  const layers = SIZES.map((size, index) => layerAt(size, index, STEPS));
  yield { stage: 'done', reference, manifestDigest: `sha256:${fakeId(reference)}`, layers, sizeBytes: 1200 };
}

function layerAt(sizeBytes: number, index: number, step: number): PushedLayer {
  const digest = `sha256:${fakeId(`pushed ${index}`)}`;
  if (index === 0) return { digest, stage: 'exists', sentBytes: sizeBytes, sizeBytes };
  const sentBytes = Math.round((step / STEPS) * sizeBytes);
  return { digest, stage: step === STEPS ? 'pushed' : 'pushing', sentBytes, sizeBytes };
}
