import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { PullAnswer, PullOrder } from './pull-engine.ts';
import type { Puller, PullCost } from './puller.ts';

/** Our engine, in a process of its own (`pull-engine.ts`). */
export class LongshorePuller implements Puller {
  readonly name = 'Longshore';
  private readonly child: ChildProcess;

  static async start(): Promise<LongshorePuller> {
    const puller = new LongshorePuller(fork(path.join(import.meta.dirname, 'pull-engine.ts')));
    await puller.answer();
    return puller;
  }

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  pull(images: readonly string[]): Promise<PullCost | undefined> {
    return this.order({ what: 'pull', images });
  }

  async remove(images: readonly string[]): Promise<void> {
    await this.order({ what: 'remove', images });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.send({ what: 'end' } satisfies PullOrder);
    await ended;
  }

  private order(order: PullOrder): Promise<PullCost | undefined> {
    const answer = this.answer();
    this.child.send(order);
    return answer;
  }

  private answer(): Promise<PullCost | undefined> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the engine has ended'));
      this.child.once('exit', ended);
      this.child.once('message', (answer: PullAnswer) => {
        this.child.off('exit', ended);
        if ('failure' in answer) reject(new Error(answer.failure));
        else resolve(answer.cost);
      });
    });
  }
}
