import { describe, expect, it } from 'vitest';
import { containerDetails, RUNNING } from '../../testing/api/container-details.ts';
import { containerSummaryJson, containerSummaryText } from './container-summary.ts';

const around = { version: 51, mountpointOf: (volume: string) => `/volumes/${volume}` };
const DATA = {
  ...({ type: 'volume', source: 'data', target: '/data', readOnly: false } as const),
  ...{ noCopy: false, subpath: '', anonymous: false },
};

describe('a line of the list of containers', () => {
  it('is the same as an object and as text', () => {
    const details = containerDetails({ labels: { tier: '"1"' } }, { state: RUNNING, mounts: [DATA] });
    const usage = { id: details.id, writableBytes: 4, logBytes: 1 };
    const sized = { ...around, sizes: { usage, imageBytes: 38 } };
    expect(JSON.parse(containerSummaryText(details, sized))).toEqual(containerSummaryJson(details, sized));
    expect(containerSummaryJson(details, sized)).toMatchObject({
      Names: ['/web'],
      State: 'running',
      SizeRw: 4,
      SizeRootFs: 42,
      Labels: { tier: '"1"' },
      Mounts: [{ Source: '/volumes/data' }],
    });
  });

  it('is of the version that is asked, and of this moment, each time', () => {
    const details = containerDetails({ networks: [{ network: 'sea' }] }, { mounts: [DATA] });
    const moved = { ...around, mountpointOf: () => '/elsewhere' };
    const line = (asked: Parameters<typeof containerSummaryText>[1]): unknown =>
      JSON.parse(containerSummaryText(details, asked));
    expect(line(around)).toMatchObject({ Mounts: [{ Source: '/volumes/data' }] });
    expect(line(moved)).toMatchObject({ Mounts: [{ Source: '/elsewhere' }] });
    expect(line({ ...around, version: 43 })).toEqual(
      containerSummaryJson(details, { ...around, version: 43 }),
    );
  });

  it('has its command as a shell would want it', () => {
    const details = containerDetails({}, { command: ['echo', 'two words', "it's"] });
    expect(containerSummaryJson(details, around)).toMatchObject({ Command: "echo 'two words' 'it'\\''s'" });
  });
});
