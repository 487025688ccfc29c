import { posix } from 'node:path';
import { refused } from './refused.ts';

/** Relative to the hierarchies' roots, `/a/b` as `a/b`; empty is Longshore's own folder. */
export function cgroupParent(asked: string | undefined): string {
  if (asked === undefined || asked === '' || asked === '/') return '';
  if (asked.split('/').includes('..')) {
    refused('A cgroup parent cannot have ".." in it.', asked);
  }
  if (asked.endsWith('.slice')) {
    refused('Longshore makes cgroups itself, without systemd: give a folder, not a slice.', asked);
  }
  const path = posix.normalize(asked).replace(/^\/+|\/+$/g, '');
  if (!/^[\w.:@/-]+$/.test(path))
    refused('A cgroup parent has letters, digits, "_", ".", "-", ":" and "@".', asked);
  return path;
}
