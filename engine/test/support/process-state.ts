import { readdir, readFile } from 'node:fs/promises';

/** The letter of proc(5): R, S, D, T, Z...; null of none. */
export async function stateOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) (\S) /.exec(stat)?.[1] ?? null;
}

/** Which has this one as its child. */
export async function parentOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(/\) \S (\d+) /.exec(stat)?.[1]);
}

/** Those that it has made, and theirs. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => ''));
  const children = (await Promise.all(lists)).join(' ').split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map((child) => descendantsOf(child).catch(() => [])));
  return [...children, ...below.flat()];
}
