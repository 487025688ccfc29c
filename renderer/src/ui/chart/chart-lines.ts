/** A value at a moment; null where nothing is known. */
export interface ChartPoint {
  readonly at: number;
  readonly value: number | null;
}

export interface ChartFrame {
  /** The moments at the left and at the right edge. */
  readonly from: number;
  readonly to: number;
  /** The value at the upper edge; zero is the lower one. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Points further apart have no line between them. */
  readonly longestGapMs: number;
}

export interface ChartPaths {
  readonly line: string;
  /** What is between the lines and zero. */
  readonly area: string;
}

/** Lines through the points that are known, broken where something is missing. */
export function chartPaths(points: readonly ChartPoint[], frame: ChartFrame): ChartPaths {
  const runs = runsOf(points, frame.longestGapMs).map((run) => run.map((point) => place(point, frame)));
  const drawn = runs.filter((run) => run.length > 1);
  return {
    line: drawn.map((run) => `M${run.map(text).join('L')}`).join(''),
    area: drawn
      .map((run) => {
        const first = run[0];
        const last = run.at(-1);
        if (first === undefined || last === undefined) return '';
        return `M${text([first[0], frame.height])}L${run.map(text).join('L')}L${text([last[0], frame.height])}Z`;
      })
      .join(''),
  };
}

type Place = readonly [x: number, y: number];

interface Known {
  readonly at: number;
  readonly value: number;
}

function runsOf(points: readonly ChartPoint[], longestGapMs: number): readonly (readonly Known[])[] {
  const runs: Known[][] = [];
  let last: Known | undefined;
  for (const { at, value } of points) {
    if (value === null) {
      last = undefined;
      continue;
    }
    const known = { at, value };
    if (last !== undefined && at - last.at <= longestGapMs) runs.at(-1)?.push(known);
    else runs.push([known]);
    last = known;
  }
  return runs;
}

function place({ at, value }: Known, { from, to, top, width, height }: ChartFrame): Place {
  const x = ((at - from) / (to - from)) * width;
  const y = height - (Math.min(value, top) / top) * height;
  return [x, y];
}

function text([x, y]: Place): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The next number above the largest value that is easy to read; `base` is 1024 for bytes. */
export function readableTop(largest: number, base: 10 | 1024 = 10): number {
  if (largest <= 0) return 1;
  const factor = base === 10 ? 1 : 1024 ** Math.max(0, Math.floor(Math.log(largest) / Math.log(1024)));
  const scaled = largest / factor;
  const power = 10 ** Math.floor(Math.log10(scaled));
  const step = STEPS.find((each) => each * power >= scaled) ?? 10;
  return step * power * factor;
}
