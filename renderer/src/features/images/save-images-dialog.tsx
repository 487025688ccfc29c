import type { ImageSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { SavingDialog } from '../saving/saving-dialog.tsx';
import { imageName } from './image-list.ts';

/** Saves images, with all their names, as one archive that Docker and every OCI tool can read. */
export default function SaveImagesDialog({ images }: { readonly images: readonly ImageSummary[] }) {
  const t = useText();
  const engine = useEngine();
  const [first] = images;
  const file = images.length === 1 && first !== undefined ? archiveName(imageName(first)) : 'images.tar';
  // An id alone would bring no name.
  const wanted = images.flatMap(({ id, references }) => (references.length > 0 ? references : [id]));
  return (
    <SavingDialog
      title={t('saveImages.title', {
        count: images.length,
        name: first === undefined ? '' : imageName(first),
      })}
      text={t('saveImages.text', { file })}
      file={file}
      pieces={(signal) => engine.images.save({ images: wanted }, { signal })}
    />
  );
}

/** `ghcr.io/team/app:1.0` is saved as `app-1.0.tar`. */
export function archiveName(reference: string): string {
  return `${reference.slice(reference.lastIndexOf('/') + 1).replace(/[:@]/g, '-')}.tar`;
}
