import { useMemo } from 'react';
import type { ContainerDetails } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { useChanges } from '../changes/queries.ts';
import { FileBrowser } from './file-browser.tsx';
import { changesByPath } from './file-rows.ts';
import { containerFiles } from './file-store.ts';

/** Running or stopped: its files, and how they differ from those of its image. */
export default function ContainerFilesTab({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const engine = useEngine();
  const store = useMemo(() => containerFiles(engine, container.id), [engine, container.id]);
  const changes = useChanges(container.id).data;
  const marks = useMemo(() => changesByPath(changes ?? []), [changes]);
  return (
    <FileBrowser
      store={store}
      label={t('files.of', { name: container.name })}
      changes={marks}
      readOnly={container.spec.readOnlyRootfs}
    />
  );
}
