import { Suspense, useEffect } from 'react';
import { RemoveContainersDialog } from '../features/containers/remove-dialog.tsx';
import { RenameDialog } from '../features/containers/rename-dialog.tsx';
import { RemoveImagesDialog } from '../features/images/remove-images-dialog.tsx';
import { TagDialog } from '../features/images/tag-dialog.tsx';
import { closeOverlay, type Overlay, useOverlays } from '../features/overlays/overlay-store.ts';
import { lazyPart } from '../lib/lazy-part.tsx';
import { useText } from '../messages/use-text.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

const Palette = lazyPart(() => import('../features/palette/palette.tsx'));
const PullDialog = lazyPart(() => import('../features/images/pull-dialog.tsx'));
const UpdateDialog = lazyPart(() => import('../features/container-dialogs/update-dialog.tsx'));
const CommitDialog = lazyPart(() => import('../features/container-dialogs/commit-dialog.tsx'));
const ExportDialog = lazyPart(() => import('../features/container-dialogs/export-dialog.tsx'));
const PruneDialog = lazyPart(() => import('../features/container-dialogs/prune-dialog.tsx'));
const RunDialog = lazyPart(() => import('../features/run/run-dialog.tsx'));

const PushImageDialog = lazyPart(() => import('../features/images/push-image-dialog.tsx'));
const SaveImagesDialog = lazyPart(() => import('../features/images/save-images-dialog.tsx'));
const LoadImagesDialog = lazyPart(() => import('../features/images/load-images-dialog.tsx'));
const PruneImagesDialog = lazyPart(() => import('../features/images/prune-images-dialog.tsx'));
const PruneSystemDialog = lazyPart(() => import('../features/disk/prune-system-dialog.tsx'));
const SignInDialog = lazyPart(() => import('../features/registries/sign-in-dialog.tsx'));
const DiffImagesDialog = lazyPart(() => import('../features/image-files/diff-images-dialog.tsx'));
const BuildDialog = lazyPart(() => import('../features/builds/build-dialog.tsx'));
const RemoveBuildsDialog = lazyPart(() => import('../features/builds/remove-builds-dialog.tsx'));
const PruneCacheDialog = lazyPart(() => import('../features/builds/prune-cache-dialog.tsx'));
const CreateNetworkDialog = lazyPart(() => import('../features/networks/create-network-dialog.tsx'));
const RemoveNetworksDialog = lazyPart(() => import('../features/networks/remove-networks-dialog.tsx'));
const PruneNetworksDialog = lazyPart(() => import('../features/networks/prune-networks-dialog.tsx'));
const ConnectDialog = lazyPart(() => import('../features/network-details/connect-dialog.tsx'));
const CreateVolumeDialog = lazyPart(() => import('../features/volumes/create-volume-dialog.tsx'));
const CloneVolumeDialog = lazyPart(() => import('../features/volumes/clone-dialog.tsx'));
const EmptyVolumeDialog = lazyPart(() => import('../features/volumes/empty-dialog.tsx'));
const ExportVolumeDialog = lazyPart(() => import('../features/volumes/export-volume-dialog.tsx'));
const ImportVolumeDialog = lazyPart(() => import('../features/volumes/import-dialog.tsx'));
const PruneVolumesDialog = lazyPart(() => import('../features/volumes/prune-volumes-dialog.tsx'));
const PurgeDialog = lazyPart(() => import('../features/volumes/purge-dialog.tsx'));
const RestoreVolumeDialog = lazyPart(() => import('../features/volumes/restore-dialog.tsx'));

/** Those that a key or the first click opens, so that they take at once what is typed next. */
const SOON = [Palette, RunDialog, PullDialog];

export function Overlays() {
  const t = useText();
  const overlay = useOverlays((state) => state.overlay);
  useIdlePreload();
  if (overlay === undefined) return null;
  return (
    <ErrorBoundary
      resetKey={overlay}
      frame={(words) => (
        <Dialog size="small" title={t('broken.dialog')} closeLabel={t('ui.close')} onClose={closeOverlay}>
          {words}
        </Dialog>
      )}
    >
      <Suspense fallback={null}>
        <Open overlay={overlay} />
      </Suspense>
    </ErrorBoundary>
  );
}

function useIdlePreload(): void {
  useEffect(() => {
    const idle = requestIdleCallback(() => SOON.forEach((part) => part.preload()), { timeout: 1000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

function Open({ overlay }: { readonly overlay: Overlay }) {
  switch (overlay.kind) {
    case 'palette':
      return <Palette />;
    case 'pull':
      return <PullDialog reference={overlay.reference} />;
    case 'run':
      return <RunDialog image={overlay.image} />;
    case 'remove-containers':
      return <RemoveContainersDialog containers={overlay.containers} />;
    case 'update-container':
      return <UpdateDialog id={overlay.id} />;
    case 'commit-container':
      return <CommitDialog container={overlay.container} />;
    case 'export-container':
      return <ExportDialog container={overlay.container} />;
    case 'prune-containers':
      return <PruneDialog />;
    case 'rename-container':
      return <RenameDialog container={overlay.container} />;
    case 'remove-images':
      return <RemoveImagesDialog images={overlay.images} />;
    case 'tag-image':
      return <TagDialog image={overlay.image} />;
    case 'push-image':
      return <PushImageDialog image={overlay.image} />;
    case 'save-images':
      return <SaveImagesDialog images={overlay.images} />;
    case 'load-images':
      return <LoadImagesDialog files={overlay.files} />;
    case 'prune-images':
      return <PruneImagesDialog />;
    case 'prune-system':
      return <PruneSystemDialog />;
    case 'sign-in':
      return <SignInDialog />;
    case 'diff-images':
      return <DiffImagesDialog image={overlay.image} />;
    case 'build':
      return <BuildDialog again={overlay.again} />;
    case 'remove-builds':
      return <RemoveBuildsDialog builds={overlay.builds} />;
    case 'prune-build-cache':
      return <PruneCacheDialog />;
    case 'create-network':
      return <CreateNetworkDialog />;
    case 'remove-networks':
      return <RemoveNetworksDialog networks={overlay.networks} />;
    case 'prune-networks':
      return <PruneNetworksDialog />;
    case 'connect':
      return <ConnectDialog network={overlay.network} container={overlay.container} />;
    case 'create-volume':
      return <CreateVolumeDialog />;
    case 'clone-volume':
      return <CloneVolumeDialog volume={overlay.volume} />;
    case 'empty-volume':
      return <EmptyVolumeDialog volume={overlay.volume} />;
    case 'export-volume':
      return <ExportVolumeDialog volume={overlay.volume} />;
    case 'import-volume':
      return <ImportVolumeDialog volume={overlay.volume} />;
    case 'prune-volumes':
      return <PruneVolumesDialog />;
    case 'purge-trash':
      return <PurgeDialog trashed={overlay.trashed} />;
    case 'restore-volume':
      return <RestoreVolumeDialog trashed={overlay.trashed} />;
  }
}
