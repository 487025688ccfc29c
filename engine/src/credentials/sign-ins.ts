import type { Credentials } from '../registry/index.ts';
import type { DockerConfig } from './docker-config.ts';
import type { Keyring } from './keyring.ts';

/** A registry that we know how to sign in to; the secret stays where it is. */
export interface SignIn {
  /** Host with port: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Null where a token stands for it. */
  readonly username: string | null;
  /** Ours, or one that `docker login` made. */
  readonly source: 'longshore' | 'docker';
}

/** Who the person is towards each registry: our own keyring first, then what docker's tools have stored. */
export class SignIns {
  private readonly keyring: Keyring;
  private readonly docker: DockerConfig;

  constructor(keyring: Keyring, docker: DockerConfig) {
    this.keyring = keyring;
    this.docker = docker;
  }

  /** Null: nobody in particular. */
  async find(registry: string, signal: AbortSignal): Promise<Credentials | null> {
    return (await this.keyring.find(registry)) ?? (await this.docker.find(registry, signal));
  }

  async list(): Promise<readonly SignIn[]> {
    const own = this.keyring
      .list()
      .map(({ registry, username }) => ({ registry, username, source: 'longshore' as const }));
    const known = new Set(own.map(({ registry }) => registry));
    const others = (await this.docker.list()).filter(({ registry }) => !known.has(registry));
    return [...own, ...others.map((other) => ({ ...other, source: 'docker' as const }))].sort(
      (left, right) => (left.registry < right.registry ? -1 : 1),
    );
  }

  /** Replaces what was known; never touches docker's. */
  save(registry: string, username: string, password: string): Promise<void> {
    return this.keyring.save(registry, username, password);
  }

  /** Of our own; false: there was none. */
  forget(registry: string): Promise<boolean> {
    return this.keyring.forget(registry);
  }
}
