import type { ApiCall } from './api-call.ts';
import type { Reply } from './reply.ts';
import type { ApiVersion } from './versions.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';

export interface Route {
  readonly method: Method;
  readonly pattern: RegExp;
  /** Since this version of the API. */
  readonly since: ApiVersion;
  /** The connection may become a stream. */
  readonly hijacks: boolean;
  readonly handle: (call: ApiCall) => Promise<Reply> | Reply;
}

interface RouteOptions {
  readonly since?: ApiVersion;
  readonly hijacks?: boolean;
}

/** `{name}` in the path stands for anything, slashes too: names of images have them. */
export function route(
  method: Method,
  path: string,
  handle: Route['handle'],
  { since = 0, hijacks = false }: RouteOptions = {},
): Route {
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace('{name}', '(.+)')}/?$`);
  return { method, pattern, since, hijacks, handle };
}

/** The first route that fits; its name, decoded. */
export class Router {
  private readonly routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.routes = routes;
  }

  find(
    method: string,
    path: string,
    version: ApiVersion,
  ): { readonly route: Route; readonly name: string } | undefined {
    for (const route of this.routes) {
      if (route.method !== method || version < route.since) continue;
      const match = route.pattern.exec(path);
      if (match !== null) return { route, name: match[1] ?? '' };
    }
    return undefined;
  }
}
