import type { EngineHandlers } from '../contract/index.ts';
import { isEngineError } from '../errors/index.ts';
import type { Agent } from '../runtime/index.ts';
import type { SystemInfo } from '../types/index.ts';
import type { Storage } from './storage/storage.ts';
import type { Tasks } from './tasks.ts';
import { UsageMeter } from './usage-meter.ts';

export interface SystemOptions {
  readonly version: string;
  /** Identity of the data folder. */
  readonly engineId: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly agent: Agent;
  readonly tasks: Tasks;
  readonly counts: () => SystemInfo['counts'];
  readonly storage: Storage['handlers'];
}

/** The engine about itself and its machine. */
export class System {
  private readonly options: SystemOptions;
  private readonly meter = new UsageMeter();

  constructor(options: SystemOptions) {
    this.options = options;
    const { agent, tasks, storage } = options;
    this.handlers = {
      info: async () => this.info(),
      usage: async (_, { signal }) => this.meter.read(await agent.usage({ signal })),
      startAgent: () => this.startAgent(),
      tasks: async () => tasks.list(),
      cancelTask: ({ task }) => tasks.cancel(task),
      clearTasks: async () => tasks.clearEnded(),
      ...storage,
    };
  }

  readonly handlers: EngineHandlers['system'];

  private info(): SystemInfo {
    const { version, engineId, dataDir, runDir, agent, counts } = this.options;
    return { version, engineId, dataDir, runDir, agent: agent.state, host: agent.host, counts: counts() };
  }

  /** A refusal is no failure of this operation: the answer's `agent` says what is missing. */
  private async startAgent(): Promise<SystemInfo> {
    try {
      await this.options.agent.start();
    } catch (thrown) {
      if (!isEngineError(thrown)) throw thrown;
    }
    return this.info();
  }
}
