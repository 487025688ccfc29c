import type { WireError } from '../errors/wire.ts';

/**
 * The door protocol, the same over a MessagePort, a WebSocket or in memory. `id` is chosen by the caller and names
 * one operation under way. Values survive structuredClone and MessagePack.
 *
 * Back-pressure is by credit: a side may send as many `item`s (or `up`s) as the other has granted.
 */
export type CallerMessage =
  | {
      readonly t: 'open';
      readonly id: number;
      readonly operation: string;
      readonly input: unknown;
      readonly credit: number;
    }
  | { readonly t: 'up'; readonly id: number; readonly value: unknown }
  | { readonly t: 'up-end'; readonly id: number }
  | { readonly t: 'credit'; readonly id: number; readonly credit: number }
  | { readonly t: 'cancel'; readonly id: number };

export type HandlerMessage =
  | { readonly t: 'result'; readonly id: number; readonly value: unknown }
  | { readonly t: 'item'; readonly id: number; readonly value: unknown }
  | { readonly t: 'credit'; readonly id: number; readonly credit: number }
  | { readonly t: 'end'; readonly id: number }
  | { readonly t: 'error'; readonly id: number; readonly error: WireError };

/** A two-way, ordered, lossless message pipe. `close` is heard on both ends, once. */
export interface Channel<Out, In> {
  send(message: Out): void;
  /** One receiver; set before the first message can arrive. */
  onMessage(receive: (message: In) => void): void;
  onClose(closed: () => void): void;
  close(): void;
}

export type CallerChannel = Channel<CallerMessage, HandlerMessage>;
export type HandlerChannel = Channel<HandlerMessage, CallerMessage>;
