import { create } from 'zustand';
import type {
  BuildSummary,
  ContainerSummary,
  ImageSummary,
  NetworkSummary,
  TrashedVolume,
  Volume,
} from '@longshore/engine/types';

/** The one dialog that is open; those below it wait for nothing. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'pull'; readonly reference: string }
  | { readonly kind: 'run'; readonly image: string }
  | { readonly kind: 'remove-containers'; readonly containers: readonly ContainerSummary[] }
  | { readonly kind: 'update-container'; readonly id: string }
  | { readonly kind: 'commit-container'; readonly container: ContainerSummary }
  | { readonly kind: 'export-container'; readonly container: ContainerSummary }
  | { readonly kind: 'prune-containers' }
  | { readonly kind: 'rename-container'; readonly container: ContainerSummary }
  | { readonly kind: 'remove-images'; readonly images: readonly ImageSummary[] }
  | { readonly kind: 'tag-image'; readonly image: ImageSummary }
  | { readonly kind: 'push-image'; readonly image: ImageSummary }
  | { readonly kind: 'save-images'; readonly images: readonly ImageSummary[] }
  /** Archives of images, or of a root file system; empty: they are asked for. */
  | { readonly kind: 'load-images'; readonly files: readonly File[] }
  | { readonly kind: 'prune-images' }
  | { readonly kind: 'prune-system' }
  | { readonly kind: 'sign-in' }
  /** With another image; left out: it is asked for. */
  | { readonly kind: 'diff-images'; readonly image: ImageSummary }
  /** With the answers of an earlier one. */
  | { readonly kind: 'build'; readonly again?: BuildSummary }
  | { readonly kind: 'remove-builds'; readonly builds: readonly BuildSummary[] }
  | { readonly kind: 'prune-build-cache' }
  | { readonly kind: 'create-network' }
  | { readonly kind: 'remove-networks'; readonly networks: readonly NetworkSummary[] }
  | { readonly kind: 'prune-networks' }
  /** What is not said is asked for. */
  | { readonly kind: 'connect'; readonly network?: string; readonly container?: string }
  | { readonly kind: 'create-volume' }
  | { readonly kind: 'clone-volume'; readonly volume: Volume }
  | { readonly kind: 'empty-volume'; readonly volume: Volume }
  | { readonly kind: 'export-volume'; readonly volume: Volume }
  /** Into the volume, or a new one. */
  | { readonly kind: 'import-volume'; readonly volume: Volume | undefined }
  | { readonly kind: 'prune-volumes' }
  | { readonly kind: 'purge-trash'; readonly trashed: readonly TrashedVolume[] }
  | { readonly kind: 'restore-volume'; readonly trashed: TrashedVolume };

interface Overlays {
  readonly overlay: Overlay | undefined;
  readonly tasksOpen: boolean;
  readonly open: (overlay: Overlay) => void;
  readonly close: () => void;
  readonly setTasksOpen: (open: boolean) => void;
}

export const useOverlays = create<Overlays>()((set) => ({
  overlay: undefined,
  tasksOpen: false,
  open: (overlay) => set({ overlay }),
  close: () => set({ overlay: undefined }),
  setTasksOpen: (tasksOpen) => set({ tasksOpen }),
}));

export function openOverlay(overlay: Overlay): void {
  useOverlays.getState().open(overlay);
}

export function closeOverlay(): void {
  useOverlays.getState().close();
}
