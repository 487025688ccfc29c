import type { ContainerRequestInput, EngineClient } from '../../src/contract/index.ts';
import type { ContainerDetails } from '../../src/types/index.ts';

export type Settings = Partial<ContainerRequestInput>;

/** An engine as its callers see it. */
export interface HasClient {
  readonly client: EngineClient;
}

/** Runs containers of one image on a real engine, and reads what they say. */
export class RealContainers {
  private readonly engine: HasClient;
  private readonly image: string;

  constructor(engine: HasClient, image: string) {
    this.engine = engine;
    this.image = image;
  }

  run(command: readonly string[], settings: Settings = {}): Promise<ContainerDetails> {
    return this.engine.client.containers.run({ image: this.image, command: [...command], ...settings });
  }

  /** What a shell script in a container of these settings prints, on both streams, to its end. */
  async output(script: string, settings: Settings = {}): Promise<string> {
    // One stream, so that the lines stay in order.
    const { id } = await this.run(['sh', '-c', `exec 2>&1; ${script}`], settings);
    await this.engine.client.containers.wait({ container: id });
    const text = await this.log(id);
    await this.remove(id);
    return text;
  }

  async remove(container: string): Promise<void> {
    await this.engine.client.containers.remove({ container, force: true });
  }

  /** All that it has written, and will write until its end. */
  async log(container: string): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const { records } of this.engine.client.containers.logs({ container, follow: true })) {
      for (const { data } of records) text += decoder.decode(data, { stream: true });
    }
    return text;
  }
}
