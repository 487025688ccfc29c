import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelPair, createClient, serve } from '../../../contract/index.ts';
import { duplex, output } from '../../../contract/operation.ts';
import { EngineError } from '../../../errors/index.ts';
import { upload } from './upload.ts';

const input = z.strictObject({});
const bytes = z.instanceof(Uint8Array);
const contract = { archives: { take: duplex(input, bytes, output<number>()) } } as const;

type Take = (up: AsyncIterable<Uint8Array>) => AsyncIterable<number>;

/** A call of this handler, through a door. */
function calling(take: Take) {
  const [caller, handler] = channelPair();
  const handlers = { archives: { take: (_: object, up: AsyncIterable<Uint8Array>) => take(up) } };
  serve(contract, handlers, handler);
  return createClient(contract, caller).archives.take({});
}

async function* pieces(count: number): AsyncIterable<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) yield await Promise.resolve(new Uint8Array(10));
}

const counting: Take = async function* (up) {
  let total = 0;
  for await (const piece of up) yield (total += piece.byteLength);
};

describe('sending an archive', () => {
  it('sends all of it, however slowly it is taken, and hears the progress', async () => {
    const heard: number[] = [];
    await upload(calling(counting), pieces(100), (progress) => heard.push(progress));
    expect(heard).toHaveLength(100);
    expect(heard.at(-1)).toBe(1000);
  });

  it('ends with the refusal of who takes it, and leaves the source', async () => {
    let left = false;
    const endless = (async function* () {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array(10));
      } finally {
        left = true;
      }
    })();
    const refusing: Take = async function* (up) {
      for await (const piece of up) {
        yield piece.byteLength;
        throw new EngineError('invalid-argument', 'The archive is not valid.');
      }
    };
    await expect(upload(calling(refusing), endless, () => undefined)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    expect(left).toBe(true);
  });

  it('ends with the failure of the source, and tells who takes it', async () => {
    const broken = (async function* () {
      yield await Promise.resolve(new Uint8Array(10));
      throw new Error('The disk is gone.');
    })();
    let ended: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (ended = resolve));
    const taking: Take = async function* (up) {
      try {
        yield* counting(up);
      } finally {
        ended();
      }
    };
    await expect(upload(calling(taking), broken, () => undefined)).rejects.toThrow('The disk is gone.');
    await taken;
  });
});
