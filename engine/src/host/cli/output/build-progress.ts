import type { BuildEvent } from '../../../types/index.ts';

/** A build as lines, each with the number of its step, as docker's plain progress has them. */
export class BuildProgressView {
  private readonly output: { write(text: string): unknown };
  private readonly raw: boolean;
  private names: readonly string[] = [];
  /** What came of a line that has not ended yet, by step. */
  private readonly unfinished = new Map<number, string>();

  constructor(output: { write(text: string): unknown }, raw: boolean) {
    this.output = output;
    this.raw = raw;
  }

  show(event: BuildEvent): void {
    if (event.type === 'output-data') return;
    if (this.raw)
      this.line(JSON.stringify(event.type === 'step-log' ? { ...event, data: textOf(event.data) } : event));
    else this.showWords(event);
  }

  private showWords(event: Exclude<BuildEvent, { type: 'output-data' }>): void {
    switch (event.type) {
      case 'planned':
        this.names = event.steps.map(({ name }) => name);
        for (const { rule, message, line } of event.warnings)
          this.line(`WARN: ${rule}: ${message} (line ${line})`);
        break;
      case 'step-started':
        this.step(event.step, this.names[event.step] ?? '');
        break;
      case 'step-log':
        this.log(event.step, textOf(event.data));
        break;
      case 'step-ended':
        this.ended(event);
        break;
      case 'output':
        this.line(event.message);
        break;
      case 'ended':
        for (const reference of event.result?.references ?? []) this.line(`naming to ${reference} done`);
        if (event.result?.imageId != null) this.line(`image ${event.result.imageId}`);
        break;
      case 'started':
        break;
    }
  }

  private ended({ step, state, durationMs, error }: Extract<BuildEvent, { type: 'step-ended' }>): void {
    const rest = this.unfinished.get(step);
    if (rest !== undefined && rest !== '') this.step(step, rest);
    this.unfinished.delete(step);
    const seconds = (durationMs / 1000).toFixed(1);
    if (state === 'cached') this.step(step, `CACHED ${this.names[step] ?? ''}`);
    else if (state === 'done') this.step(step, `DONE ${seconds}s`);
    else this.step(step, state === 'failed' ? `ERROR: ${error?.message ?? ''}` : 'CANCELED');
  }

  private log(step: number, text: string): void {
    const lines = ((this.unfinished.get(step) ?? '') + text).split('\n');
    this.unfinished.set(step, lines.pop() ?? '');
    for (const line of lines) this.step(step, line.replace(/\r$/, ''));
  }

  private step(step: number, words: string): void {
    this.line(`#${step + 1} ${words}`);
  }

  private line(words: string): void {
    this.output.write(`${words}\n`);
  }
}

function textOf(data: Uint8Array): string {
  return Buffer.from(data).toString('utf8');
}
