import { InvalidArgumentError } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';

export type VolumesFromInput = NonNullable<ContainerRequestInput['volumesFrom']>[number];

/** `--volumes-from CONTAINER[:ro|rw]`. */
export function parseVolumesFrom(
  value: string,
  before: readonly VolumesFromInput[] = [],
): readonly VolumesFromInput[] {
  const [container = '', mode, ...rest] = value.split(':');
  if (container === '' || rest.length > 0) {
    throw new InvalidArgumentError(`"${value}" names no container: write NAME or NAME:ro`);
  }
  const words = mode === undefined ? [] : mode.split(',');
  // z and Z relabel for SELinux, which does not confine Longshore's containers.
  const unknown = words.find((word) => !['ro', 'rw', 'z', 'Z'].includes(word));
  if (unknown !== undefined) throw new InvalidArgumentError(`--volumes-from has no option "${unknown}"`);
  const access = words.includes('ro') ? { readOnly: true } : words.includes('rw') ? { readOnly: false } : {};
  return [...before, { container, ...access }];
}
