import { createEngine, type Engine, type EngineOptions } from '@longshore/engine';
import { contract, type HandlerChannel, serve } from '@longshore/engine/contract';
import { isEngineError } from '@longshore/engine/errors';
import {
  connectToEngine,
  listenOnDockerSocket,
  listenOnEngineSocket,
  pipe,
  refuse,
} from '@longshore/engine/host';

type Opened =
  | { readonly kind: 'own'; readonly engine: Engine }
  /** `longshore serve`, or another window, has this data: we are its guest. */
  | { readonly kind: 'guest' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * The window's engine. It starts beside the window, never before it: doors that open meanwhile wait for it. Where
 * another process has the engine of this data already, the doors lead there.
 */
export class EngineHost implements AsyncDisposable {
  private opened: Promise<Opened>;
  private readonly options: EngineOptions;
  private readonly log: (message: string, error: unknown) => void;
  private sockets: readonly AsyncDisposable[] = [];

  constructor(options: EngineOptions, log: (message: string, error: unknown) => void) {
    this.options = options;
    this.log = log;
    this.opened = this.open();
  }

  async openDoor(channel: HandlerChannel): Promise<void> {
    const opened = await this.opened;
    if (opened.kind === 'own') {
      serve(contract, opened.engine.handlers, channel, { onInternalError: this.log });
    } else if (opened.kind === 'failed') {
      refuse(channel, opened.error);
    } else {
      await this.openGuestDoor(channel);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.opened;
    for (const socket of this.sockets) await socket[Symbol.asyncDispose]();
    if (opened.kind === 'own') await opened.engine[Symbol.asyncDispose]();
  }

  private async open(): Promise<Opened> {
    try {
      const engine = await createEngine(this.options);
      const { runDir } = this.options;
      const onInternalError = this.log;
      this.sockets = [
        await listenOnEngineSocket(engine.handlers, runDir, { onInternalError }),
        await listenOnDockerSocket(engine.handlers, runDir, { onInternalError }),
      ];
      return { kind: 'own', engine };
    } catch (error) {
      if (isEngineError(error, 'conflict')) return { kind: 'guest' };
      this.log('start', error);
      return { kind: 'failed', error };
    }
  }

  private async openGuestDoor(channel: HandlerChannel): Promise<void> {
    try {
      pipe(channel, await connectToEngine(this.options.runDir));
    } catch (error) {
      if (!isEngineError(error, 'unavailable')) {
        refuse(channel, error);
        return;
      }
      // The host has gone: the next door finds an engine of our own.
      this.opened = this.open();
      channel.close();
    }
  }
}
