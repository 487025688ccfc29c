import { isEngineError } from '../../../errors/index.ts';
import type { ContainerMount } from '../../../types/index.ts';
import { isDirectory } from '../../context/file-tree.ts';
import type { WorkContainer } from '../work-container.ts';
import type { MountWork } from './mount-work.ts';

/** The places of mounts, and folders around them, that are not there yet; the outermost first. */
export async function missingPlaces(
  work: MountWork,
  container: WorkContainer,
  mounts: readonly ContainerMount[],
): Promise<string[]> {
  const missing = new Set<string>();
  for (const mount of mounts) {
    const names = mount.target.split('/').filter((name) => name !== '');
    for (let depth = 1; depth <= names.length; depth++) {
      const path = `/${names.slice(0, depth).join('/')}`;
      if (!(await isThere(work, container, path))) missing.add(path);
    }
  }
  return [...missing];
}

async function isThere(
  { parts, signal }: MountWork,
  { target }: WorkContainer,
  path: string,
): Promise<boolean> {
  try {
    await parts.files.stat(target, path, { signal });
    return true;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) return false;
    throw thrown;
  }
}

/** Unless something has been put there. */
export async function removePlace(
  { parts, signal }: MountWork,
  { target }: WorkContainer,
  path: string,
): Promise<void> {
  try {
    const { sizeBytes, mode } = await parts.files.stat(target, path, { signal });
    if (!isDirectory({ mode }) && sizeBytes > 0) return;
    await parts.files.remove(target, path, false, { signal });
  } catch (thrown) {
    if (!isEngineError(thrown, 'failed-precondition') && !isEngineError(thrown, 'not-found')) throw thrown;
  }
}
