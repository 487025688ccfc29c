import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../background.ts';
import type { Clock } from '../../clock.ts';
import { EngineError, toWire } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { type DataFolder, RecordStore } from '../../metadata/index.ts';
import type { BuildDetails, BuildEvent } from '../../types/index.ts';
import { buildRecordSchema } from './build-record.ts';
import { Journal, savedEvents } from './journal.ts';
import { afterEvent } from './progress.ts';

export interface HistoryParts {
  readonly folder: DataFolder;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly report: Report;
}

/** More are forgotten, the oldest first. */
const KEPT_BUILDS = 200;

interface LiveBuild {
  details: BuildDetails;
  readonly journal: Journal;
  readonly abort: AbortController;
}

/** The builds that are under way, and those that were, over restarts. */
export class BuildHistory {
  private readonly parts: HistoryParts;
  private readonly records: RecordStore<BuildDetails>;
  private readonly logs: string;
  private readonly live = new Map<string, LiveBuild>();

  static async open(parts: HistoryParts): Promise<BuildHistory> {
    const records = await RecordStore.open({
      directory: parts.folder.stateDirectory('builds'),
      schema: buildRecordSchema,
    });
    for (const { id, reason, path } of records.quarantined) {
      parts.report(`The record of build ${id} is damaged (${reason}); it was put aside as ${path}.`);
    }
    const logs = parts.folder.stateDirectory('build-logs');
    await mkdir(logs, { recursive: true, mode: 0o700 });
    const history = new BuildHistory(parts, records, logs);
    await history.endInterrupted();
    return history;
  }

  private constructor(parts: HistoryParts, records: RecordStore<BuildDetails>, logs: string) {
    this.parts = parts;
    this.records = records;
    this.logs = logs;
  }

  /** The newest first. */
  list(): readonly BuildDetails[] {
    const live = [...this.live.values()].map(({ details }) => details);
    const ended = this.records.all().filter(({ id }) => !this.live.has(id));
    return [...live, ...ended].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  /** By id, or by its beginning. */
  find(text: string): BuildDetails {
    const matches = this.list().filter(({ id }) => id.startsWith(text));
    const [found, other] = matches;
    if (found !== undefined && other === undefined) return found;
    if (found === undefined) {
      throw new EngineError('not-found', `There is no build ${text.slice(0, 100)} here.`, {
        detail: { step: 'build', path: text.slice(0, 100) },
      });
    }
    throw new EngineError('invalid-argument', `Several builds have ids that begin with ${text}.`, {
      detail: { step: 'build', path: text },
      hint: 'Write more of the id.',
    });
  }

  /** The signal fires when somebody cancels the build. */
  async begin(details: BuildDetails): Promise<AbortSignal> {
    const abort = new AbortController();
    this.live.set(details.id, { details, journal: new Journal(), abort });
    // After a crash it must be known that it was there.
    await this.records.put(details.id, details);
    this.parts.events.publish({ type: 'build', action: 'start', id: details.id });
    return abort.signal;
  }

  add(id: string, event: BuildEvent): void {
    const build = this.live.get(id);
    if (build === undefined) return;
    build.details = afterEvent(build.details, event);
    build.journal.add(event);
  }

  /** After its last event. */
  async end(id: string): Promise<void> {
    const build = this.live.get(id);
    if (build === undefined) return;
    try {
      await build.journal.save(this.logPath(id));
      await this.records.put(id, build.details);
    } finally {
      this.live.delete(id);
      this.parts.events.publish({ type: 'build', action: 'end', id });
    }
    await this.forgetOldest();
  }

  async *watch(id: string, signal: AbortSignal): AsyncGenerator<BuildEvent> {
    const live = this.live.get(id);
    if (live !== undefined) yield* live.journal.read(signal);
    else yield* await savedEvents(this.logPath(id));
  }

  cancel(id: string): void {
    this.live.get(id)?.abort.abort(new EngineError('cancelled', 'The build was cancelled.'));
  }

  async remove(id: string): Promise<void> {
    await rm(this.logPath(id), { force: true });
    await this.records.delete(id);
    this.parts.events.publish({ type: 'build', action: 'remove', id });
  }

  isLive(id: string): boolean {
    return this.live.has(id);
  }

  private async forgetOldest(): Promise<void> {
    const ended = this.list().filter(({ id }) => !this.live.has(id));
    for (const { id } of ended.slice(KEPT_BUILDS)) await this.remove(id);
  }

  /** Of an engine that did not come to their end. */
  private async endInterrupted(): Promise<void> {
    const error = toWire(new EngineError('cancelled', 'The engine ended while the build was under way.'));
    for (const build of this.records.all().filter(({ status }) => status === 'running')) {
      const endedAt = this.parts.clock.now().toISOString();
      await this.records.put(build.id, { ...build, status: 'cancelled', endedAt, error });
    }
  }

  private logPath(id: string): string {
    return join(this.logs, `${id}.ndjson`);
  }
}
