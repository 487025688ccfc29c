import { readFile, writeFile } from 'node:fs/promises';

/** The most memory that a process had in use (RSS) since `watchMemory`, beyond what it had then. In bytes. */
export interface MemoryWatch {
  growth(): Promise<number>;
}

/** Linux forgets the process's former peak: "5" to clear_refs (proc(5)). */
export async function watchMemory(pid: number): Promise<MemoryWatch> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await bytesOf(pid, 'VmRSS');
  return { growth: async () => Math.max(0, (await bytesOf(pid, 'VmHWM')) - before) };
}

export function residentBytes(pid: number): Promise<number> {
  return bytesOf(pid, 'VmRSS');
}

async function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}
