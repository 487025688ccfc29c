import type { MessagePortMain } from 'electron';
import type { CallerMessage, HandlerChannel } from '@longshore/engine/contract';

/** The engine's end of a window's door. The port closes by itself when the window's page goes. */
export function portChannel(port: MessagePortMain): HandlerChannel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (receive) => {
      port.on('message', ({ data }: { data: unknown }) => {
        if (isCallerMessage(data)) receive(data);
        else port.close();
      });
      port.start();
    },
    onClose: (closed) => port.once('close', closed),
    close: () => port.close(),
  };
}

/** The shape alone; `serve` checks every input against the contract. */
function isCallerMessage(data: unknown): data is CallerMessage {
  if (typeof data !== 'object' || data === null) return false;
  const { t, id } = data as { t?: unknown; id?: unknown };
  return typeof t === 'string' && typeof id === 'number';
}
