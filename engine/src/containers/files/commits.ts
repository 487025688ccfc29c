import type { CommitOrder } from '../../images/index.ts';
import type { CommittedImage } from '../../types/index.ts';
import type { Container } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import type { InputOf } from '../handler-input.ts';
import type { Parts } from '../parts.ts';
import { Pausing } from '../pausing.ts';
import { committedRun } from './committed-run.ts';
import { filesOf } from './file-place.ts';

/** Makes images of containers. */
export class Commits {
  private readonly parts: Parts;
  private readonly pausing: Pausing;

  constructor(parts: Parts) {
    this.parts = parts;
    this.pausing = new Pausing(parts);
  }

  async commit(container: Container, input: InputOf<'commit'>, signal: AbortSignal): Promise<CommittedImage> {
    const { images, events } = this.parts;
    const { spec, image } = container.record;
    const order: CommitOrder = {
      baseImageId: image.id,
      run: committedRun(spec),
      layer: this.layer(container, input.pause, signal),
      reference: input.reference ?? null,
      message: input.message,
      author: input.author,
      createdBy: spec.command.join(' '),
      changes: input.changes,
    };
    const committed = await images.commit(order, signal);
    publishContainer(events, 'commit', container, {
      attributes: {
        comment: input.message,
        imageID: committed.id,
        imageRef: committed.reference ?? '',
      },
    });
    return committed;
  }

  /** Its processes are held only while their files are read, and only if they were not before. */
  private async *layer(container: Container, pause: boolean, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const { files, mutex } = this.parts;
    const holds = pause && container.running && !container.paused;
    if (holds) await mutex.run(container.id, () => this.pausing.pause(container, signal), signal);
    try {
      yield* files.layer(filesOf(container), { signal });
    } finally {
      if (holds) await this.letGoOn(container);
    }
  }

  /** Whatever became of the reading, and without waiting for a stop: that may wait for these processes in turn. */
  private async letGoOn(container: Container): Promise<void> {
    try {
      await this.parts.runtime.resume(container.id);
      await container.until(() => (container.paused ? undefined : true));
    } catch (thrown) {
      // Killed meanwhile, it needs nothing any more.
      if (!container.running) return;
      this.parts.report(`Container ${container.name} is still paused after its commit.`, thrown);
    }
  }
}
