import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';
/** Images one by one, or under their repositories. */
export type ImageLayout = 'list' | 'tree';
export type Density = 'compact' | 'comfortable';

interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  /** Columns that a person took away, by table. */
  readonly hiddenColumns: Readonly<Record<string, readonly string[]>>;
  readonly imageLayout: ImageLayout;
  readonly logTimestamps: boolean;
  readonly logWrap: boolean;
  /** For which command line dialogs show what they do. */
  readonly program: 'longshore' | 'docker';
  readonly setTheme: (theme: Theme) => void;
  readonly setDensity: (density: Density) => void;
  readonly toggleColumn: (table: string, column: string) => void;
  readonly setImageLayout: (layout: ImageLayout) => void;
  readonly setLogTimestamps: (shown: boolean) => void;
  readonly setLogWrap: (wrap: boolean) => void;
  readonly setProgram: (program: 'longshore' | 'docker') => void;
}

/** How a person wants to see things; of this browser or window, not of the engine. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      density: 'compact',
      hiddenColumns: {},
      imageLayout: 'list',
      logTimestamps: true,
      logWrap: true,
      program: 'longshore',
      setTheme: (theme) => set({ theme }),
      setDensity: (density) => set({ density }),
      toggleColumn: (table, column) =>
        set(({ hiddenColumns }) => ({
          hiddenColumns: { ...hiddenColumns, [table]: toggled(hiddenColumns[table] ?? [], column) },
        })),
      setImageLayout: (imageLayout) => set({ imageLayout }),
      setLogTimestamps: (logTimestamps) => set({ logTimestamps }),
      setLogWrap: (logWrap) => set({ logWrap }),
      setProgram: (program) => set({ program }),
    }),
    { name: 'longshore.preferences', version: 1 },
  ),
);

function toggled(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list.filter((each) => each !== item) : [...list, item];
}

const NONE: readonly string[] = [];

export function useHiddenColumns(table: string): readonly string[] {
  return usePreferences((preferences) => preferences.hiddenColumns[table]) ?? NONE;
}
