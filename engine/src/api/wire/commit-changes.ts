import type { z } from 'zod';
import type { configFields } from './container-settings.ts';

type Config = { readonly [Field in keyof typeof configFields]?: z.output<(typeof configFields)[Field]> };

/** What a client wants of a committed image's settings, as instructions of a Dockerfile. */
export function commitChanges(config: Config): readonly string[] {
  return [
    ...(config.User ? [`USER ${config.User}`] : []),
    ...(config.WorkingDir ? [`WORKDIR ${config.WorkingDir}`] : []),
    ...(config.Env ?? []).map((entry) => {
      const at = entry.indexOf('=');
      return at === -1 ? `ENV ${entry}=` : `ENV ${entry.slice(0, at)}=${JSON.stringify(entry.slice(at + 1))}`;
    }),
    ...Object.keys(config.ExposedPorts ?? {}).map((port) => `EXPOSE ${port}`),
    ...Object.keys(config.Volumes ?? {}).map((path) => `VOLUME ${JSON.stringify([path])}`),
    ...Object.entries(config.Labels ?? {}).map(
      ([key, value]) => `LABEL ${JSON.stringify(key)}=${JSON.stringify(value)}`,
    ),
    ...(config.Entrypoint ? [`ENTRYPOINT ${JSON.stringify(config.Entrypoint)}`] : []),
    ...(config.Cmd ? [`CMD ${JSON.stringify(config.Cmd)}`] : []),
    ...(config.StopSignal ? [`STOPSIGNAL ${config.StopSignal}`] : []),
  ];
}
