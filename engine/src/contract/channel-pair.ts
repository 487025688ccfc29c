import type { CallerChannel, CallerMessage, Channel, HandlerChannel, HandlerMessage } from './channel.ts';

/** A door within one process: what one end sends, the other hears in a later microtask, in order. */
export function channelPair(): readonly [CallerChannel, HandlerChannel] {
  const caller = new MemoryEnd<CallerMessage, HandlerMessage>();
  const handler = new MemoryEnd<HandlerMessage, CallerMessage>();
  caller.other = handler;
  handler.other = caller;
  return [caller, handler];
}

class MemoryEnd<Out, In> implements Channel<Out, In> {
  other: MemoryEnd<In, Out> | undefined;
  private receive: ((message: In) => void) | undefined;
  private readonly closedListeners: (() => void)[] = [];
  private open = true;

  send(message: Out): void {
    const other = this.other;
    if (!this.open || other === undefined) return;
    queueMicrotask(() => {
      if (other.open) other.receive?.(message);
    });
  }

  onMessage(receive: (message: In) => void): void {
    this.receive = receive;
  }

  onClose(closed: () => void): void {
    this.closedListeners.push(closed);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    for (const closed of this.closedListeners) closed();
    this.other?.close();
  }
}
