/** Docker's numbers for the streams that share one connection. */
const STREAM_NUMBERS = { stdin: 0, stdout: 1, stderr: 2, systemerr: 3 } as const;

export type FrameStream = keyof typeof STREAM_NUMBERS;

const HEADER_LENGTH = 8;

export const RAW_STREAM = 'application/vnd.docker.raw-stream';
const MULTIPLEXED_STREAM = 'application/vnd.docker.multiplexed-stream';

/** Since this version, streams in frames are told apart from raw ones. */
const MULTIPLEXED_SINCE = 42;

export function streamContentType(version: number, framed: boolean): string {
  return framed && version >= MULTIPLEXED_SINCE ? MULTIPLEXED_STREAM : RAW_STREAM;
}

/** One piece of output: the stream's number, three zeros, the length in four bytes, the piece. */
export function frame(stream: FrameStream, data: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(HEADER_LENGTH + data.length);
  framed.fill(0, 0, HEADER_LENGTH);
  framed[0] = STREAM_NUMBERS[stream];
  framed.writeUInt32BE(data.length, HEADER_LENGTH / 2);
  framed.set(data, HEADER_LENGTH);
  return framed;
}
