import { SessionRefused, type OpenChannel } from './connection.ts';
import { openDesktopChannel } from './desktop-door.ts';
import { doorAddress, exchangeToken, hasSession } from './session.ts';
import { openWebSocketChannel } from './websocket-channel.ts';

/** The way to the engine from where this page runs: the window's preload, or the dashboard's own server. */
export function chooseOpenChannel(): OpenChannel {
  const door = window.longshore;
  if (door !== undefined) return () => openDesktopChannel(door);
  let exchange: Promise<'ready' | 'refused'> | undefined;
  return async () => {
    exchange ??= exchangeToken();
    try {
      if ((await exchange) === 'refused') throw new SessionRefused();
    } catch (error) {
      exchange = undefined;
      throw error;
    }
    try {
      return await openWebSocketChannel(doorAddress(location));
    } catch (error) {
      if (!(await hasSession())) throw new SessionRefused();
      throw error;
    }
  };
}
