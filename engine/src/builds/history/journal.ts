import { readFile } from 'node:fs/promises';
import { beforeAbort } from '../../before-abort.ts';
import { errnoOf, writeDurably } from '../../metadata/index.ts';
import type { BuildEvent } from '../../types/index.ts';

/** What is kept of a build's output; of more the beginning is kept, where most builds say what goes wrong first. */
const MAX_BYTES = 16 * 1024 * 1024;

/** All events of one build that is under way, for any number of watchers, each from the first event on. */
export class Journal {
  private readonly events: BuildEvent[] = [];
  private bytes = 0;
  private isEnded = false;
  private wake: () => void = () => undefined;
  private changed = this.nextChange();

  add(event: BuildEvent): void {
    // What goes to the caller is the caller's alone.
    if (event.type === 'output-data') return;
    if (event.type === 'step-log') {
      this.bytes += event.data.length;
      if (this.bytes > MAX_BYTES) return;
    }
    this.events.push(event);
    if (event.type === 'ended') this.isEnded = true;
    const { wake } = this;
    this.changed = this.nextChange();
    wake();
  }

  async *read(signal: AbortSignal): AsyncGenerator<BuildEvent> {
    for (let next = 0; ; next++) {
      while (next >= this.events.length) {
        if (this.isEnded) return;
        await beforeAbort(this.changed, signal);
      }
      const event = this.events[next];
      if (event !== undefined) yield event;
    }
  }

  private nextChange(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  async save(path: string): Promise<void> {
    const lines = this.events.map((event) => `${JSON.stringify(withText(event))}\n`);
    await writeDurably(path, lines.join(''));
  }
}

/** The events of a build that has ended; none when they are not known any more. */
export async function savedEvents(path: string): Promise<readonly BuildEvent[]> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
    return lines.map((line) => reviveBytes(JSON.parse(line) as BuildEvent));
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}

function withText(event: BuildEvent): object {
  return event.type === 'step-log' ? { ...event, data: Buffer.from(event.data).toString('base64') } : event;
}

function reviveBytes(event: BuildEvent): BuildEvent {
  if (event.type !== 'step-log') return event;
  const text: unknown = event.data;
  return { ...event, data: Uint8Array.from(Buffer.from(String(text), 'base64')) };
}
