import type { Clock } from '../../clock.ts';
import type { ContentStore } from '../../content/index.ts';
import type { EngineHandlers, HandlerContext } from '../../contract/index.ts';
import { EngineError, toEngineError, toWire } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { familiarReference, parseReference, withDefaultTag } from '../../oci/index.ts';
import type { Credentials } from '../../registry/index.ts';
import type { ImagePull, ImageSummary, Platform, PullProgress } from '../../types/index.ts';
import type { Garbage } from '../garbage.ts';
import type { Leases } from '../leases.ts';
import { fractionOf } from '../pull-progress.ts';
import type { Puller, PullOrder } from '../puller.ts';
import type { ImageRecord } from '../records.ts';
import { requestPlatform } from '../request-platform.ts';
import { type StreamedContext, watchWork } from '../streamed-work.ts';
import type { Tasks } from '../tasks.ts';
import { type Attempt, recordOfAttempt, type Wanted } from './attempt.ts';
import { pullIdOf, type PullRecord } from './pull-record.ts';
import { viewOfAttempt, viewOfRecord, wantedOf } from './pull-view.ts';
import type { UnfinishedPulls } from './unfinished-pulls.ts';

export interface PullsParts {
  readonly puller: Puller;
  readonly unfinished: UnfinishedPulls;
  /** Who the person is towards a registry. */
  readonly signIns: { find(registry: string, signal: AbortSignal): Promise<Credentials | null> };
  readonly content: ContentStore;
  readonly leases: Leases;
  readonly garbage: Garbage;
  readonly events: EventBus;
  readonly tasks: Tasks;
  readonly clock: Clock;
  /** Of the machine that runs the containers. */
  readonly platform: Platform;
  readonly summarize: (image: ImageRecord) => ImageSummary;
}

type Handlers = EngineHandlers['images'];
type InputOf<Verb extends keyof Handlers> = Parameters<Handlers[Verb]>[0];

interface Start {
  readonly credentials?: Credentials | undefined;
  readonly background: boolean;
}

/**
 * The life of pulls: begun, watched, paused, taken up again, given up; over restarts of the engine. Several attempts
 * at the same pull share their work, and count as one.
 */
export class Pulls implements Pick<Handlers, 'pull' | 'pulls' | 'pausePull' | 'resumePull' | 'dropPull'> {
  private readonly parts: PullsParts;
  private readonly attempts = new Set<Attempt>();

  constructor(parts: PullsParts) {
    this.parts = parts;
  }

  pull(request: InputOf<'pull'>, { signal }: HandlerContext): AsyncGenerator<PullProgress> {
    const wanted = {
      reference: withDefaultTag(parseReference(request.reference)),
      platform: requestPlatform(request.platform) ?? this.parts.platform,
      insecure: request.insecure,
    };
    return this.begin(wanted, request, signal);
  }

  resumePull(
    { pull: id, ...start }: InputOf<'resumePull'>,
    { signal }: HandlerContext,
  ): AsyncGenerator<PullProgress> {
    if (this.attemptsAt(id).length > 0) throw runsAlready(id);
    return this.begin(wantedOf(this.recordOf(id)), start, signal);
  }

  readonly pulls = async (): Promise<readonly ImagePull[]> => {
    const ids = new Set([...this.attempts].map(({ id }) => id));
    for (const [id] of this.parts.unfinished.entries()) ids.add(id);
    const pulls = await Promise.all([...ids].map((id) => this.describe(id)));
    return pulls
      .filter((pull) => pull !== null)
      .sort((left, right) => Date.parse(left.startedAt) - Date.parse(right.startedAt));
  };

  readonly pausePull = async ({ pull: id }: InputOf<'pausePull'>): Promise<ImagePull> => {
    const attempts = this.attemptsAt(id);
    for (const { pause, wanted } of attempts) pause.abort(paused(familiarReference(wanted.reference)));
    await Promise.all(attempts.map(({ ended }) => ended));
    const record = this.parts.unfinished.get(id);
    if (record !== undefined && record.status !== 'paused') {
      await this.parts.unfinished.put(id, { ...record, status: 'paused', error: null });
      this.changed(id);
    }
    const pull = await this.describe(id);
    if (pull === null) throw unknownPull(id);
    return pull;
  };

  readonly dropPull = async (
    { pull: id }: InputOf<'dropPull'>,
    { signal }: HandlerContext,
  ): Promise<{ readonly freedBytes: number }> => {
    if (this.attemptsAt(id).length > 0) throw runsAlready(id);
    const { content, leases, garbage, unfinished } = this.parts;
    const { manifest, layers } = this.recordOf(id);
    await unfinished.forget(id);
    if (manifest !== null) await leases.forget(manifest);
    let freed = 0;
    for (const { digest } of layers) freed += await content.removePartial(digest);
    this.changed(id);
    // Without an agent, what else there is goes with the next collection.
    const collected = await garbage.collect(signal).catch(() => ({ freedBytes: 0 }));
    return { freedBytes: freed + collected.freedBytes };
  };

  private begin(wanted: Wanted, start: Start, signal: AbortSignal): AsyncGenerator<PullProgress> {
    const run = (context: StreamedContext<PullProgress>): Promise<PullProgress> =>
      this.attempt(wanted, start.credentials, context);
    const { background } = start;
    const subject = familiarReference(wanted.reference);
    return watchWork(this.parts, { kind: 'image-pull', subject, background, fractionOf, run }, signal);
  }

  private async attempt(
    wanted: Wanted,
    given: Credentials | undefined,
    context: StreamedContext<PullProgress>,
  ): Promise<PullProgress> {
    const { unfinished, puller, summarize } = this.parts;
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const attempt = this.newAttempt(wanted, context.task, ended);
    const signal = AbortSignal.any([context.signal, attempt.pause.signal]);
    this.attempts.add(attempt);
    try {
      const { image, manifestDigest, upToDate } = await puller.pull(this.orderOf(wanted, given), {
        signal,
        report: (progress) => {
          attempt.progress = progress;
          context.report(progress);
        },
        onResolved: async (remote) => {
          attempt.remote = remote;
          await unfinished.put(attempt.id, this.recordFor(attempt, { status: 'running', error: null }));
        },
      });
      await unfinished.forget(attempt.id);
      const reference = familiarReference(wanted.reference);
      return { stage: 'done', reference, manifestDigest, image: summarize(image), upToDate };
    } catch (thrown) {
      const failure = toEngineError(signal.aborted ? signal.reason : thrown);
      await this.stopped(attempt, failure);
      throw failure;
    } finally {
      this.attempts.delete(attempt);
      end();
    }
  }

  private newAttempt(wanted: Wanted, task: string, ended: Promise<void>): Attempt {
    const id = pullIdOf(wanted.reference, wanted.platform);
    const startedAt = this.now();
    return { id, wanted, task, startedAt, pause: new AbortController(), ended, progress: null, remote: null };
  }

  /** What was given is for the registry of the name; elsewhere the person is who has signed in there. */
  private orderOf(wanted: Wanted, given: Credentials | undefined): PullOrder {
    const { signIns } = this.parts;
    const credentials: PullOrder['credentials'] = async (domain, signal) => {
      if (domain === wanted.reference.domain && given !== undefined) return given;
      return (await signIns.find(domain, signal)) ?? undefined;
    };
    return { ...wanted, credentials };
  }

  /** What could be gone on with is kept; what a person has cancelled, or what never began, is not. */
  private async stopped(attempt: Attempt, failure: EngineError): Promise<void> {
    const { unfinished } = this.parts;
    const { id, remote } = attempt;
    const { step } = failure.detail;
    if (this.attemptsAt(id).length > 1) return;
    if (failure.code !== 'cancelled') {
      if (remote === null) return;
      await unfinished.stop(id, this.recordFor(attempt, { status: 'failed', error: toWire(failure) }));
    } else if (step === 'paused' || step === 'closing') {
      const status = step === 'paused' ? 'paused' : 'interrupted';
      await unfinished.stop(id, this.recordFor(attempt, { status, error: null }));
    } else if (remote !== null) {
      await unfinished.forget(id);
    }
  }

  private recordFor(attempt: Attempt, state: Pick<PullRecord, 'status' | 'error'>): PullRecord {
    const before = this.parts.unfinished.get(attempt.id);
    return recordOfAttempt(attempt, before, { ...state, updatedAt: this.now() });
  }

  private async describe(id: string): Promise<ImagePull | null> {
    const { unfinished } = this.parts;
    const record = unfinished.get(id);
    const downloadedBytes = record === undefined ? 0 : await unfinished.downloadedBytes(record);
    const attempt = this.attemptsAt(id).at(-1);
    if (attempt !== undefined) return viewOfAttempt(attempt, record, downloadedBytes);
    return record === undefined ? null : viewOfRecord(id, record, downloadedBytes);
  }

  private attemptsAt(id: string): readonly Attempt[] {
    return [...this.attempts].filter((attempt) => attempt.id === id);
  }

  private recordOf(id: string): PullRecord {
    const record = this.parts.unfinished.get(id);
    if (record === undefined) throw unknownPull(id);
    return record;
  }

  private changed(id: string): void {
    this.parts.events.publish({ type: 'task', action: 'update', id });
  }

  private now(): string {
    return this.parts.clock.now().toISOString();
  }
}

function paused(name: string): EngineError {
  return new EngineError('cancelled', `The pull of ${name} was paused.`, {
    detail: { step: 'paused', path: name },
    hint: 'What it has brought is kept; it goes on when it is resumed, or pulled again.',
  });
}

function unknownPull(id: string): EngineError {
  return new EngineError('not-found', 'There is no such pull any more.', {
    detail: { step: 'pull', path: id },
  });
}

function runsAlready(id: string): EngineError {
  return new EngineError('conflict', 'This pull is running.', {
    detail: { step: 'pull', path: id },
    hint: 'Pause it first, or cancel it.',
  });
}
