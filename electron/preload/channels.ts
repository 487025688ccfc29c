/** The few words that the preload script and the main process say to each other; all else goes over the door's port. */
export const channels = {
  /** Page to main: open a door. Main answers on the same channel, with a port, or without when it refuses. */
  door: 'longshore:door',
  openExternal: 'longshore:open-external',
  theme: 'longshore:theme',
  window: 'longshore:window',
} as const;

export type WindowCommand = 'minimize' | 'toggle-maximize' | 'close';
