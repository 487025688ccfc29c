export { EngineProvider, useConnection, useConnectionState, useEngine } from './engine-context.tsx';
export { EngineConnection, type ConnectionState, type OpenChannel } from './connection.ts';
export { chooseOpenChannel } from './open-channel.ts';
export { followEvents } from './follow-events.ts';
export { queryKeys } from './query-keys.ts';
export type { DesktopDoor, ThemeSource, WindowControls } from './desktop-door.ts';
