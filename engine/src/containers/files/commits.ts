import type { CommitOrder } from '../../images/index.ts';
import type { CommittedImage } from '../../types/index.ts';
import type { Container } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import type { InputOf } from '../handler-input.ts';
import type { Parts } from '../parts.ts';
import { committedRun } from './committed-run.ts';
import { filesOf } from './files.ts';

/** Makes images of containers. */
export class Commits {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
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
    const { files, runtime } = this.parts;
    const holds = pause && container.running && container.state.status !== 'paused';
    if (holds) await runtime.pause(container.id, { signal });
    try {
      yield* files.layer(filesOf(container), { signal });
    } finally {
      // Whatever became of the reading, and of who asked for it.
      if (holds) await runtime.resume(container.id);
    }
  }
}
