import { decode, encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import type { CallerChannel, Channel, HandlerChannel } from '../../contract/index.ts';

/** A message of the door is smaller than this: batches are cut by their makers, terminal input by the sender. */
export const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Strings, lists and maps inside a message; a frame that says otherwise is refused before memory is taken for it. */
const DECODE_LIMITS = {
  maxStrLength: 1024 * 1024,
  maxBinLength: MAX_MESSAGE_BYTES,
  maxArrayLength: 100_000,
  maxMapLength: 100_000,
  maxExtLength: 0,
};

/** A door over one WebSocket: each binary frame is one message in MessagePack. A frame that is not closes the door. */
export function webSocketHandlerChannel(socket: WebSocket): HandlerChannel {
  return new WebSocketChannel(socket);
}

export function webSocketCallerChannel(socket: WebSocket): CallerChannel {
  return new WebSocketChannel(socket);
}

class WebSocketChannel<Out, In> implements Channel<Out, In> {
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = 'nodebuffer';
    // A broken connection is heard as its close; without a listener it would be an uncaught exception.
    socket.on('error', () => socket.terminate());
  }

  send(message: Out): void {
    if (this.socket.readyState === this.socket.OPEN) {
      this.socket.send(encode(message, { ignoreUndefined: true }));
    }
  }

  onMessage(receive: (message: In) => void): void {
    this.socket.on('message', (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? decodeMessage(data) : undefined;
      if (message === undefined) this.socket.close(1003, 'not a message of the door');
      else receive(message as In);
    });
  }

  onClose(closed: () => void): void {
    this.socket.once('close', closed);
  }

  close(): void {
    this.socket.close(1000);
  }
}

function decodeMessage(data: Buffer): object | undefined {
  try {
    const message = decode(data, DECODE_LIMITS);
    if (typeof message !== 'object' || message === null) return undefined;
    const { t, id } = message as { t?: unknown; id?: unknown };
    return typeof t === 'string' && typeof id === 'number' ? message : undefined;
  } catch {
    return undefined;
  }
}
