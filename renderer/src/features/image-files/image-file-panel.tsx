import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ImageDetails, ImageFileOrigin, ImageLayerFile } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { reportError } from '../../lib/report-error.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { modeText } from '../files/file-rows.ts';
import { dataUrl, pictureType, textOf } from '../files/read-file.ts';
import { joined } from '../../lib/tar/index.ts';
import type { ImageNode } from './image-tree.ts';
import { useFileOrigins } from './queries.ts';

interface ImageFilePanelProps {
  readonly image: ImageDetails;
  readonly node: ImageNode;
  readonly onClose: () => void;
}

const MOST_BYTES = 1024 * 1024;

/** One file of an image: what is in it, and which layers have to do with it. */
export function ImageFilePanel({ image, node, onClose }: ImageFilePanelProps) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const { name, path, file } = node;
  const layer = image.layers[node.layerIndex]?.digest ?? '';
  const download = () => {
    const { signal } = new AbortController();
    saveFile(() => engine.images.readFile({ image: image.id, layer, path }, { signal }), {
      name,
      type: 'application/octet-stream',
      signal,
    }).catch((thrown: unknown) => reportError(thrown));
  };
  return (
    <aside className="preview" aria-label={t('files.previewOf', { name })}>
      <header className="preview-head">
        <div className="row">
          <h2 className="text-strong ellipsis" title={path}>
            {name}
          </h2>
          <span className="grow" />
          {file?.type === 'file' && (
            <IconButton icon="download" small label={t('files.download')} onClick={download} />
          )}
          <IconButton icon="close" small label={t('files.closePreview')} onClick={onClose} />
        </div>
        {file !== undefined && (
          <p className="text-3 text-small">
            {format.bytes(file.sizeBytes)} · <span className="mono">{modeText(file)}</span> ·{' '}
            {format.dateTime(file.modifiedAt)}
          </p>
        )}
      </header>
      {file?.type === 'file' ? (
        <Content image={image.id} layer={layer} file={file} name={name} />
      ) : (
        <p className="preview-note text-3">
          {file?.type === 'link' ? `→ ${file.linkTarget ?? ''}` : t('imageFiles.noContent')}
        </p>
      )}
      <Origins image={image} path={path} />
    </aside>
  );
}

interface ContentProps {
  readonly image: string;
  readonly layer: string;
  readonly file: ImageLayerFile;
  readonly name: string;
}

function Content({ image, layer, file, name }: ContentProps) {
  const t = useText();
  const query = useContent(image, layer, file.path);
  const { data } = query;
  const picture = data === undefined || data.cut ? undefined : pictureType(name);
  const text = useMemo(() => (data === undefined ? undefined : textOf(data)), [data]);
  if (query.error !== null) {
    return (
      <div className="preview-note">
        <ErrorNotice {...describeError(query.error)} />
      </div>
    );
  }
  if (data === undefined) return <SkeletonRows label={t('files.loading')} />;
  if (picture !== undefined) {
    return (
      <div className="preview-picture">
        <img src={dataUrl(data.bytes, picture)} alt={name} />
      </div>
    );
  }
  if (text === undefined) return <p className="preview-note text-3">{t('imageFiles.binary')}</p>;
  return (
    <>
      <pre className="preview-text mono" tabIndex={0} aria-label={name}>
        {text}
      </pre>
      {data.cut && (
        <div className="preview-note">
          <Hint>{t('imageFiles.cut')}</Hint>
        </div>
      )}
    </>
  );
}

/** The beginning of the file; what comes after it is not read. */
function useContent(image: string, layer: string, path: string) {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.fileContent(image, layer, path),
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of engine.images.readFile({ image, layer, path }, { signal })) {
        pieces.push(piece);
        length += piece.length;
        if (length > MOST_BYTES) break;
      }
      return { bytes: joined(pieces).subarray(0, MOST_BYTES), cut: length > MOST_BYTES };
    },
  });
}

function Origins({ image, path }: { readonly image: ImageDetails; readonly path: string }) {
  const t = useText();
  const query = useFileOrigins(image.id, path);
  return (
    <section className="origins" aria-label={t('imageFiles.origins')}>
      <h3 className="text-strong">{t('imageFiles.origins')}</h3>
      {query.error !== null && <ErrorNotice {...describeError(query.error)} />}
      {query.data === undefined && query.error === null && (
        <p className="text-3 text-small">{t('imageFiles.asking')}</p>
      )}
      <ol>
        {query.data?.map((origin) => (
          <Origin key={origin.layerIndex} origin={origin} />
        ))}
      </ol>
    </section>
  );
}

function Origin({ origin: { layerIndex, file } }: { readonly origin: ImageFileOrigin }) {
  const t = useText();
  const format = useFormat();
  return (
    <li className="row text-small">
      <span>{t('imageFiles.layerNumber', { number: layerIndex + 1 })}</span>
      <span className="text-3">{t(`imageFiles.${file.change}`)}</span>
      <span className="grow" />
      {file.change === 'present' && <span className="text-3">{format.bytes(file.sizeBytes)}</span>}
    </li>
  );
}
