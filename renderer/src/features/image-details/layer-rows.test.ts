import { describe, expect, it } from 'vitest';
import { instructionOf, layerRows } from './layer-rows.ts';

const step = (createdBy: string, emptyLayer = false) => ({
  createdAt: null,
  createdBy,
  comment: '',
  emptyLayer,
});
const layer = (name: string) => ({
  digest: `sha256:${name}`,
  diffId: name,
  chainId: name,
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  sizeBytes: 1,
});

describe('instructionOf', () => {
  it.each([
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
    ['|1 VERSION=3 /bin/sh -c make', 'RUN make'],
    ['RUN |1 VERSION=3 /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY /src /app # buildkit', 'COPY /src /app'],
    ["# debian.sh --arch 'amd64'", "# debian.sh --arch 'amd64'"],
    ['ENV TZ=UTC API_TOKEN="a b" X=1', 'ENV TZ=UTC API_TOKEN=•••••••• X=1'],
  ])('reads %s', (createdBy, instruction) => expect(instructionOf(step(createdBy))).toBe(instruction));
});

describe('layerRows', () => {
  it('puts each step that made files beside its layer', () => {
    const history = [step('ADD rootfs.tar /'), step('ENV A=b', true), step('COPY . /app')];
    const rows = layerRows({ history, layers: [layer('a'), layer('b')] });
    expect(rows.map((row) => [row.instruction, row.layer?.diffId])).toEqual([
      ['ADD rootfs.tar /', 'a'],
      ['ENV A=b', undefined],
      ['COPY . /app', 'b'],
    ]);
  });

  it('says nothing of layers that a history does not match', () => {
    const rows = layerRows({ history: [step('COPY . /app')], layers: [layer('a'), layer('b')] });
    expect(rows.map((row) => [row.instruction, row.layer?.diffId])).toEqual([
      ['', 'a'],
      ['', 'b'],
    ]);
  });
});
