import type { ImageSummary } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { SavingDialog } from '../saving/saving-dialog.tsx';
import { saveImagesCommand } from '../commands/image-commands.ts';
import { archiveName, imageName } from './image-list.ts';

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
      command={saveImagesCommand(wanted, file)}
      pieces={(signal) => engine.images.save({ images: wanted }, { signal })}
    />
  );
}
