import type { CallerChannel, CallerMessage, HandlerMessage } from '@longshore/engine/contract';
import { decode, encode } from '@msgpack/msgpack';

const CONNECT_TIMEOUT_MS = 10_000;

/** The dashboard's door: one MessagePack value in each binary frame. Undefined fields are left out of it. */
export function openWebSocketChannel(url: URL): Promise<CallerChannel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const timer = setTimeout(() => socket.close(), CONNECT_TIMEOUT_MS);
    const refused = () => {
      clearTimeout(timer);
      reject(new Error('refused'));
    };
    socket.addEventListener('close', refused, { once: true });
    socket.addEventListener(
      'open',
      () => {
        clearTimeout(timer);
        socket.removeEventListener('close', refused);
        resolve(socketChannel(socket));
      },
      { once: true },
    );
  });
}

function socketChannel(socket: WebSocket): CallerChannel {
  return {
    send: (message: CallerMessage) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encode(message, { ignoreUndefined: true }));
    },
    onMessage: (receive) => {
      socket.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
        // The engine is the only sender on this socket, and what it sends is typed by the contract.
        receive(decode(event.data) as HandlerMessage);
      });
    },
    onClose: (listener) => socket.addEventListener('close', listener, { once: true }),
    close: () => socket.close(),
  };
}
