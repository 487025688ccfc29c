import { readFile, writeFile } from 'node:fs/promises';

/** The most that processes use of the machine's memory at once, from its making on. */
export class MemoryPeak {
  private readonly pids: readonly number[];

  static async since(pids: readonly number[]): Promise<MemoryPeak> {
    // "5" sets the peak back to what is used now (proc(5), clear_refs).
    await Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, '5')));
    return new MemoryPeak(pids);
  }

  private constructor(pids: readonly number[]) {
    this.pids = pids;
  }

  /** Of each in turn. */
  bytes(): Promise<readonly number[]> {
    return Promise.all(this.pids.map(peakOf));
  }
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
