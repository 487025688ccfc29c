import { toWire } from '../../errors/index.ts';
import type { BuildCheck, BuildWarning } from '../../types/index.ts';
import type { DockerfileSource } from '../context/dockerfile-source.ts';
import { type Dockerfile, lintDockerfile } from '../dockerfile/index.ts';
import type { GraphOptions } from './dockerfile-graph.ts';

/** What the checks say of a Dockerfile, with the lines that they mean. */
export function checked(source: DockerfileSource, file: Dockerfile, options: GraphOptions): BuildCheck {
  const { ignore } = source;
  const { warnings, failed, error } = lintDockerfile(file, {
    ...options,
    ...(ignore !== null && { ignore }),
  });
  const lines = source.text.split('\n');
  const shown: readonly BuildWarning[] = warnings.map(({ rule, message, range, url }) => ({
    rule,
    message,
    url,
    line: range.start.line,
    column: range.start.column,
    sourceLine: (lines[range.start.line - 1] ?? '').replace(/\r$/, ''),
  }));
  return { warnings: shown, failed: failed || error !== null, error: error && toWire(error) };
}
