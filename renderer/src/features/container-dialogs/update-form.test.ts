import { describe, expect, it } from 'vitest';
import { fakeSpec, MIB } from '../../testing/fake-parts.ts';
import { readUpdate, updateArguments, updateFormOf } from './update-form.ts';

const spec = fakeSpec({
  resources: { ...fakeSpec().resources, memoryBytes: 256 * MIB, cpus: 2, pidsLimit: 100, cpusetCpus: '0-3' },
  restart: { name: 'on-failure', maximumRetries: 5 },
});
const before = updateFormOf(spec);

describe('readUpdate', () => {
  it('asks for nothing when nothing was changed', () => {
    expect(readUpdate(before, before)).toEqual({ update: {}, problems: {} });
  });

  it('asks for what was changed, and for no limit where a field was emptied', () => {
    const form = {
      ...before,
      memory: '512',
      cpus: '',
      pidsLimit: '',
      restart: 'no',
      restartTimes: '',
    } as const;
    const { update, problems } = readUpdate(before, form);
    expect(problems).toEqual({});
    expect(update).toEqual({
      resources: { memoryBytes: 512 * MIB, cpus: 0, pidsLimit: -1 },
      restart: { name: 'no' },
    });
    expect(updateArguments('web', update)).toEqual([
      'update', '--memory', '512m', '--cpus', '0', '--pids-limit', '-1', '--restart', 'no', 'web',
    ]); // prettier-ignore
  });

  it('lifts a list and a weight that were emptied', () => {
    const weighed = { ...before, ioWeight: '300', cpusetMems: '0' };
    const { update, problems } = readUpdate(weighed, {
      ...weighed,
      ioWeight: '',
      cpusetCpus: '',
      cpusetMems: ' ',
    });
    expect(problems).toEqual({});
    expect(update).toEqual({ resources: { cpusetCpus: '', cpusetMems: '', blockIo: { weight: 0 } } });
    expect(updateArguments('web', update)).toEqual([
      'update', '--cpuset-cpus', '', '--cpuset-mems', '', '--blkio-weight', '0', 'web',
    ]); // prettier-ignore
  });

  it('keeps the two halves of a restart policy together', () => {
    const { update } = readUpdate(before, { ...before, restartTimes: '9' });
    expect(update).toEqual({ restart: { name: 'on-failure', maximumRetries: 9 } });
    expect(updateArguments('web', update)).toEqual(['update', '--restart', 'on-failure:9', 'web']);
  });

  it.each([
    ['memory', '5'],
    ['cpus', 'two'],
    ['cpus', '0'],
    ['cpusetCpus', 'all'],
    ['restartTimes', 'often'],
  ] as const)('tells what is wrong with %s: "%s"', (field, value) => {
    expect(Object.keys(readUpdate(before, { ...before, [field]: value }).problems)).toEqual([field]);
  });
});
