import { lazy, Suspense } from 'react';
import { RemoveContainersDialog } from '../features/containers/remove-dialog.tsx';
import { RenameDialog } from '../features/containers/rename-dialog.tsx';
import { RemoveImagesDialog } from '../features/images/remove-images-dialog.tsx';
import { TagDialog } from '../features/images/tag-dialog.tsx';
import { type Overlay, useOverlays } from '../features/overlays/overlay-store.ts';

const Palette = lazy(() => import('../features/palette/palette.tsx'));
const PullDialog = lazy(() => import('../features/images/pull-dialog.tsx'));
const UpdateDialog = lazy(() => import('../features/container-dialogs/update-dialog.tsx'));
const CommitDialog = lazy(() => import('../features/container-dialogs/commit-dialog.tsx'));
const ExportDialog = lazy(() => import('../features/container-dialogs/export-dialog.tsx'));
const PruneDialog = lazy(() => import('../features/container-dialogs/prune-dialog.tsx'));
const RunDialog = lazy(() => import('../features/run/run-dialog.tsx'));

const PushImageDialog = lazy(() => import('../features/images/push-image-dialog.tsx'));
const SaveImagesDialog = lazy(() => import('../features/images/save-images-dialog.tsx'));
const LoadImagesDialog = lazy(() => import('../features/images/load-images-dialog.tsx'));
const PruneImagesDialog = lazy(() => import('../features/images/prune-images-dialog.tsx'));
const PruneSystemDialog = lazy(() => import('../features/disk/prune-system-dialog.tsx'));
const SignInDialog = lazy(() => import('../features/registries/sign-in-dialog.tsx'));
const DiffImagesDialog = lazy(() => import('../features/image-files/diff-images-dialog.tsx'));
const BuildDialog = lazy(() => import('../features/builds/build-dialog.tsx'));
const RemoveBuildsDialog = lazy(() => import('../features/builds/remove-builds-dialog.tsx'));
const PruneCacheDialog = lazy(() => import('../features/builds/prune-cache-dialog.tsx'));
const CreateNetworkDialog = lazy(() => import('../features/networks/create-network-dialog.tsx'));
const RemoveNetworksDialog = lazy(() => import('../features/networks/remove-networks-dialog.tsx'));
const PruneNetworksDialog = lazy(() => import('../features/networks/prune-networks-dialog.tsx'));
const ConnectDialog = lazy(() => import('../features/network-details/connect-dialog.tsx'));
const CreateVolumeDialog = lazy(() => import('../features/volumes/create-volume-dialog.tsx'));
const CloneVolumeDialog = lazy(() => import('../features/volumes/clone-dialog.tsx'));
const EmptyVolumeDialog = lazy(() => import('../features/volumes/empty-dialog.tsx'));
const ExportVolumeDialog = lazy(() => import('../features/volumes/export-volume-dialog.tsx'));
const ImportVolumeDialog = lazy(() => import('../features/volumes/import-dialog.tsx'));
const PruneVolumesDialog = lazy(() => import('../features/volumes/prune-volumes-dialog.tsx'));
const PurgeDialog = lazy(() => import('../features/volumes/purge-dialog.tsx'));
const RestoreVolumeDialog = lazy(() => import('../features/volumes/restore-dialog.tsx'));

export function Overlays() {
  const overlay = useOverlays((state) => state.overlay);
  if (overlay === undefined) return null;
  return (
    <Suspense fallback={null}>
      <Open overlay={overlay} />
    </Suspense>
  );
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
