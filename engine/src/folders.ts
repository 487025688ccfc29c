import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

interface Surroundings {
  readonly uid: number;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where images, containers and volumes live: the system's place for root, XDG's for a user. */
export function defaultDataDir(surroundings: Surroundings = here()): string {
  const { uid, home, env } = surroundings;
  if (uid === 0) return '/var/lib/longshore';
  return join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'longshore');
}

/** Where sockets live. Without XDG_RUNTIME_DIR, as in a cron job, a user's are in the data folder. */
export function defaultRunDir(surroundings: Surroundings = here()): string {
  const { uid, env } = surroundings;
  if (uid === 0) return '/run/longshore';
  const runtime = absolute(env['XDG_RUNTIME_DIR']);
  return runtime === undefined ? join(defaultDataDir(surroundings), 'run') : join(runtime, 'longshore');
}

/** What `--data` and `--run` mean: `--data` alone moves both, so that engines on other data never share sockets. */
export function resolveFolders(options: {
  readonly data?: string | undefined;
  readonly run?: string | undefined;
}): {
  readonly dataDir: string;
  readonly runDir: string;
} {
  const { data, run } = options;
  const dataDir = data === undefined ? defaultDataDir() : resolve(data);
  if (run !== undefined) return { dataDir, runDir: resolve(run) };
  return { dataDir, runDir: data === undefined ? defaultRunDir() : join(dataDir, 'run') };
}

/** Where the Docker Engine API is served. */
export function dockerSocketPath(runDir: string): string {
  return join(runDir, 'docker.sock');
}

/** Where docker's tools keep their settings: sign-ins, contexts. */
export function dockerConfigDir(surroundings: Surroundings = here()): string {
  const { home, env } = surroundings;
  return absolute(env['DOCKER_CONFIG']) ?? join(home, '.docker');
}

/** Where registries' own certificates are, in docker's layout; the first that knows a registry wins. */
export function certificateFolders(dataDir: string): readonly string[] {
  return [join(dataDir, 'certs.d'), '/etc/longshore/certs.d', '/etc/docker/certs.d'];
}

function here(): Surroundings {
  return { uid: process.getuid?.() ?? -1, home: homedir(), env: process.env };
}

/** XDG's rule: a path that is not absolute is as good as none. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') === true ? path : undefined;
}
