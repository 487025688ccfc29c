import type { EngineHandlers } from '../contract/index.ts';
import type { DockerAccess } from '../types/index.ts';
import { DEFAULT_CONTEXT, readContext, removeContext, writeContext } from './context-file.ts';
import { readCurrentContext, writeCurrentContext } from './current-context.ts';
import { probeSocket } from './probe-socket.ts';

export interface DockerToolsOptions {
  /** `~/.docker`, or what DOCKER_CONFIG says. */
  readonly configDir: string;
  /** Where this engine serves the Docker API. */
  readonly socketPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** docker's command line and its way to this engine: the files that docker itself reads, asked anew each time. */
export class DockerTools {
  private readonly options: DockerToolsOptions;

  constructor(options: DockerToolsOptions) {
    this.options = options;
    this.handlers = {
      access: ({ name }, { signal }) => this.access(name, signal),
      installContext: async ({ name }, { signal }) => {
        await this.install(name);
        return this.access(name, signal);
      },
      removeContext: async ({ name }, { signal }) => {
        await this.remove(name);
        return this.access(name, signal);
      },
      useContext: async ({ name, use }, { signal }) => {
        await this.use(name, use);
        return this.access(name, signal);
      },
    };
  }

  readonly handlers: EngineHandlers['docker'];

  install(name: string): Promise<void> {
    return writeContext(this.options.configDir, name, this.host);
  }

  /** False when there was none. Docker refuses every command while its current context is missing. */
  async remove(name: string): Promise<boolean> {
    const { configDir } = this.options;
    if ((await readCurrentContext(configDir)) === name) await writeCurrentContext(configDir, DEFAULT_CONTEXT);
    return removeContext(configDir, name);
  }

  /** A context that is used is there. One that is no longer used leaves its place to docker's default. */
  private async use(name: string, use: boolean): Promise<void> {
    const { configDir } = this.options;
    if (use) {
      if ((await readContext(configDir, name)) !== this.host) await this.install(name);
      await writeCurrentContext(configDir, name);
    } else if ((await readCurrentContext(configDir)) === name) {
      await writeCurrentContext(configDir, DEFAULT_CONTEXT);
    }
  }

  private async access(name: string, signal: AbortSignal): Promise<DockerAccess> {
    const { configDir, socketPath } = this.options;
    const host = await readContext(configDir, name);
    return {
      socketPath,
      socket: await probeSocket(socketPath, signal),
      configDir,
      context: { name, host, leadsHere: host === this.host },
      currentContext: await readCurrentContext(configDir),
      override: this.override(),
    };
  }

  private get host(): string {
    return `unix://${this.options.socketPath}`;
  }

  private override(): DockerAccess['override'] {
    for (const variable of ['DOCKER_HOST', 'DOCKER_CONTEXT'] as const) {
      const value = this.options.env[variable];
      if (value !== undefined && value !== '') return { variable, value };
    }
    return null;
  }
}
