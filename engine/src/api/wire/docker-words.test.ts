import { expect, it } from 'vitest';
import { dockerWords } from './docker-words.ts';

it.each([
  ['resources.memoryBytes: the memory limit must be at least 6 MB', 'Minimum memory limit allowed is 6MB'],
  ['There is no capability "FLY".', 'invalid capability: unknown capability: "CAP_FLY"'],
  ['There is no capability "CAP_FLY".', 'invalid capability: unknown capability: "CAP_FLY"'],
  [
    'unable to find user ahab: no matching entries in /etc/passwd',
    'unable to find user ahab: no matching entries in passwd file',
  ],
  [
    "the host's port 80/tcp on 0.0.0.0 is taken by container 1",
    /Bind for 0\.0\.0\.0:80 failed: port is already allocated$/,
  ],
  ['Container tide is not on the network sea.', 'container tide is not connected to network sea'],
  [
    'subnets: 10.0.0.0/24 overlaps with 10.0.0.0/8, which the network sea has.',
    'Pool overlaps with other one on this address space',
  ],
])('%s', (ours, dockers) => {
  if (typeof dockers === 'string') expect(dockerWords(ours)).toBe(dockers);
  else expect(dockerWords(ours)).toMatch(dockers);
});

it('leaves all else as the engine says it', () => {
  expect(dockerWords('The disk is full.')).toBeUndefined();
});
