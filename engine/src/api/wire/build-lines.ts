import { StringDecoder } from 'node:string_decoder';
import { familiarReference, parseReference } from '../../oci/index.ts';
import type { BuildEvent, BuildResult, BuildStep } from '../../types/index.ts';
import type { ProgressLine } from '../streams/json-lines.ts';

type StepEnd = Extract<BuildEvent, { type: 'step-ended' }>;

const SHORT_ID = 12;

/**
 * Docker's lines of a build. Steps that run side by side are told one after another: what one says waits until those
 * above it have ended, so that each line stands below the step that it belongs to.
 */
export class BuildLines {
  private steps: readonly BuildStep[] = [];
  private readonly waiting = new Map<number, ProgressLine[]>();
  private readonly ended = new Set<number>();
  private readonly decoders = new Map<string, StringDecoder>();
  /** The step that is told. */
  private current = 0;

  next(event: BuildEvent): readonly ProgressLine[] {
    switch (event.type) {
      case 'planned':
        this.steps = event.steps;
        return [];
      case 'step-started':
        return this.tell(event.step, [this.heading(event.step)]);
      case 'step-log':
        return this.tell(event.step, [{ stream: coloured(event.stream, this.decoded(event)) }]);
      case 'step-ended':
        return this.end(event);
      case 'ended':
        return [...this.rest(), ...(event.result === null ? [] : resultLines(event.result))];
      case 'started':
      case 'output':
      case 'output-data':
        return [];
    }
  }

  private tell(step: number, lines: readonly ProgressLine[]): readonly ProgressLine[] {
    const told = this.waiting.get(step) ?? [];
    this.waiting.set(step, [...told, ...lines]);
    return step === this.current ? this.take(step) : [];
  }

  private end({ step, state }: StepEnd): readonly ProgressLine[] {
    const isFirst = !this.waiting.has(step);
    const lines = [
      ...(isFirst ? [this.heading(step)] : []),
      // A base image is no step that could be saved.
      ...(state === 'cached' && !this.isBase(step) ? [{ stream: ' ---> Using cache\n' }] : []),
    ];
    const told = this.tell(step, lines);
    this.ended.add(step);
    return [...told, ...this.advance()];
  }

  /** To the first step that has not ended. */
  private advance(): readonly ProgressLine[] {
    const lines: ProgressLine[] = [];
    while (this.ended.has(this.current)) {
      this.current += 1;
      lines.push(...this.take(this.current));
    }
    return lines;
  }

  /** What steps have said that had to wait, when there is no more to wait for. */
  private rest(): readonly ProgressLine[] {
    return [...this.waiting.keys()].sort((a, b) => a - b).flatMap((step) => this.take(step));
  }

  private take(step: number): readonly ProgressLine[] {
    const lines = this.waiting.get(step);
    if (lines === undefined) return [];
    this.waiting.set(step, []);
    return lines;
  }

  private heading(step: number): ProgressLine {
    const instruction = this.steps[step]?.instruction ?? '';
    return { stream: `Step ${step + 1}/${this.steps.length} : ${instruction}\n` };
  }

  private isBase(step: number): boolean {
    return /^FROM\s/i.test(this.steps[step]?.instruction ?? '');
  }

  /** A character may come in two pieces. */
  private decoded({ step, stream, data }: Extract<BuildEvent, { type: 'step-log' }>): string {
    const key = `${step} ${stream}`;
    const decoder = this.decoders.get(key) ?? new StringDecoder('utf8');
    this.decoders.set(key, decoder);
    return decoder.write(Buffer.from(data));
  }
}

/** What commands complain of is red, as the classic builder sends it. */
function coloured(stream: 'stdout' | 'stderr', text: string): string {
  return stream === 'stderr' ? `\u001b[91m${text}\u001b[0m` : text;
}

function resultLines({ imageId, references }: BuildResult): readonly ProgressLine[] {
  if (imageId === null) return [];
  return [
    { aux: { ID: imageId } },
    { stream: `Successfully built ${imageId.replace(/^sha256:/, '').slice(0, SHORT_ID)}\n` },
    ...references.map((text) => ({
      stream: `Successfully tagged ${familiarReference(parseReference(text))}\n`,
    })),
  ];
}
