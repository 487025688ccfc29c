import type { NavigateFunction } from 'react-router';
import type { Theme } from '../../lib/preferences.ts';
import type { Text } from '../../messages/use-text.ts';
import type { IconName, ShapeName, Tone } from '../../ui/icon.tsx';
import type { ContainerActions } from '../containers/actions.ts';

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly context: string;
  readonly end?: string;
  readonly mark:
    | { readonly kind: 'icon'; readonly icon: IconName }
    | { readonly kind: 'state'; readonly shape: ShapeName; readonly tone: Tone };
  readonly run: () => void;
}

export interface PaletteContext {
  readonly t: Text;
  readonly navigate: NavigateFunction;
  readonly actions: ContainerActions;
  readonly setTheme: (theme: Theme) => void;
  readonly size: (bytes: number) => string;
}

export const icon = (name: IconName) => ({ kind: 'icon', icon: name }) as const;
