import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { composeV2 } from './tools.ts';

export interface ComposeResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One of the two that there are. */
export type ComposeName = 'docker-compose 1.29' | 'compose v2';

const DEBIAN_COMPOSE = '/usr/bin/docker-compose';

/** Null where it is not installed, and cannot be had. */
export async function composeProgram(name: ComposeName): Promise<string | null> {
  if (name === 'compose v2') return composeV2();
  return existsSync(DEBIAN_COMPOSE) ? DEBIAN_COMPOSE : null;
}

/** compose in the folder of one project. */
export class Compose {
  private readonly program: string;
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;

  /** `base` is the image that the project's services are made of. */
  constructor(program: string, project: string, env: NodeJS.ProcessEnv, base: string) {
    this.program = program;
    this.folder = path.join(import.meta.dirname, 'projects', project);
    this.env = { ...env, BASE: base };
  }

  run(...args: readonly string[]): Promise<ComposeResult> {
    const options = { cwd: this.folder, env: this.env };
    return new Promise((resolve) => {
      execFile(this.program, [...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }

  /** Must succeed; its trimmed stdout. */
  async must(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0) throw new Error(`compose ${args.join(' ')}: code ${code}\n${stdout}${stderr}`);
    return stdout.trim();
  }

  /** A shell script in a running service. */
  exec(service: string, script: string): Promise<string> {
    return this.must('exec', '-T', service, 'sh', '-c', script);
  }
}
