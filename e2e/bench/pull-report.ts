import { median } from './measure.ts';
import type { PullCost } from './puller.ts';

/** One pull of a scene's images: milliseconds until the answer, and until all of it is on the disk. */
export interface PullRound {
  readonly answered: number;
  readonly durable: number;
  readonly cost: PullCost | undefined;
}

/** The same images pulled by each of several; ours come first. */
export interface PullScene {
  readonly what: string;
  readonly pullers: readonly { readonly name: string; readonly rounds: readonly PullRound[] }[];
}

/** One Markdown table of medians in seconds, and what ours took of memory and of its event loop. */
export function formatPulls(scenes: readonly PullScene[]): string {
  const names = scenes[0]?.pullers.map(({ name }) => name) ?? [];
  const headings = ['median, s (with sync)', ...names];
  const table = [headings, headings.map(() => '---'), ...scenes.map(times)];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  return [...lines, '', ...scenes.map(costs)].join('\n');
}

function times({ what, pullers }: PullScene): string[] {
  const medians = pullers.map(({ rounds }) => ({
    answered: median(rounds.map((round) => round.answered)),
    durable: median(rounds.map((round) => round.durable)),
  }));
  const ours = medians[0]?.answered ?? Number.NaN;
  const cells = medians.map(({ answered, durable }, index) => {
    const ratio = index === 0 ? '' : `, ${(answered / ours).toFixed(1)} times`;
    return `${seconds(answered)} (${seconds(durable)})${ratio}`;
  });
  return [what, ...cells];
}

function costs({ what, pullers }: PullScene): string {
  const all = (pullers[0]?.rounds ?? []).flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  const worst = (one: (cost: PullCost) => number) => Math.max(...all.map(one));
  const engine = megabytes(worst(({ engineBytes }) => engineBytes));
  const agent = megabytes(worst(({ agentBytes }) => agentBytes));
  const delay = worst(({ loopDelay }) => loopDelay).toFixed(0);
  return `${what}: at the worst, engine +${engine} MB, agent ${agent} MB, event loop late by ${delay} ms`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
