/** The few words that the preload script and the main process say to each other; all else goes over the door's port. */
export const channels = {
  /** Page to main: open a door. Main answers on the same channel, with a port, or without when it refuses. */
  door: 'longshore:door',
  openExternal: 'longshore:open-external',
  theme: 'longshore:theme',
  window: 'longshore:window',
  /** Asked and answered, one after another: where to save a file, its bytes, its end. */
  saveStart: 'longshore:save-start',
  saveWrite: 'longshore:save-write',
  saveEnd: 'longshore:save-end',
  /** Asked: the person chooses a folder; answered with its path, or null. */
  chooseFolder: 'longshore:choose-folder',
} as const;

export type WindowCommand = 'minimize' | 'toggle-maximize' | 'close';

/** A failure's reason is the system's word for it (`ENOSPC`), or empty when the page asked for what cannot be. */
export type SaveAnswer = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Null: the person gave up. */
export type SaveStarted =
  { readonly ok: true; readonly id: number | null } | { readonly ok: false; readonly reason: string };
