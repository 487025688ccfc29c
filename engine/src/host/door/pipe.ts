import type { CallerChannel, CallerMessage, HandlerChannel } from '../../contract/index.ts';
import { toWire } from '../../errors/index.ts';

/** Lets a caller use an engine behind another door: messages pass as they are, a close on one side closes both. */
export function pipe(caller: HandlerChannel, engine: CallerChannel): void {
  caller.onMessage((message) => engine.send(message));
  engine.onMessage((message) => caller.send(message));
  caller.onClose(() => engine.close());
  engine.onClose(() => caller.close());
}

/** A door with no engine behind it: every operation fails with the reason. */
export function refuse(caller: HandlerChannel, reason: unknown): void {
  const error = toWire(reason);
  caller.onMessage((message: CallerMessage) => {
    if (message.t === 'open') caller.send({ t: 'error', id: message.id, error });
  });
}
