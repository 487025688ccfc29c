import type { Given } from '../files/write-files.ts';
import type { GivenFolder } from './build-form.ts';

/** Of files whose paths begin with the folder they were taken from; a single file stands for itself. Undefined: none. */
export function givenFolder(given: readonly Given[]): GivenFolder | undefined {
  const [first] = given;
  if (first === undefined) return undefined;
  const name = first.path.split('/')[0] ?? '';
  const inside = given
    .filter(({ path }) => path.startsWith(`${name}/`))
    .map(({ path, file }) => ({ path: path.slice(name.length + 1), file }));
  return inside.length === 0 ? { name: '.', files: given } : { name, files: inside };
}
