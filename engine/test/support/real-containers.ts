import { containerRequest, type ContainerRequestInput } from '../../src/contract/index.ts';
import type { ContainerDetails } from '../../src/types/index.ts';
import type { RealEngine } from '../real-agent.ts';

const context = { signal: new AbortController().signal };

export type Settings = Partial<ContainerRequestInput>;

/** Runs containers of one image on a real engine, and reads what they say. */
export class RealContainers {
  private readonly engine: RealEngine;
  private readonly image: string;

  constructor(engine: RealEngine, image: string) {
    this.engine = engine;
    this.image = image;
  }

  run(command: readonly string[], settings: Settings = {}): Promise<ContainerDetails> {
    const request = containerRequest.parse({ image: this.image, command, ...settings });
    return this.engine.handlers.containers.run(request, context);
  }

  /** What a shell script in a container of these settings prints, on both streams, to its end. */
  async output(script: string, settings: Settings = {}): Promise<string> {
    // One stream, so that the lines stay in order.
    const { id } = await this.run(['sh', '-c', `exec 2>&1; ${script}`], settings);
    await this.engine.handlers.containers.wait({ container: id, condition: 'not-running' }, context);
    const text = await this.log(id);
    await this.remove(id);
    return text;
  }

  async remove(container: string): Promise<void> {
    await this.engine.handlers.containers.remove({ container, force: true }, context);
  }

  private async log(container: string): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    const query = { container, follow: true, stdout: true, stderr: true };
    for await (const { records } of this.engine.handlers.containers.logs(query, context)) {
      for (const { data } of records) text += decoder.decode(data, { stream: true });
    }
    return text;
  }
}
