import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { BuildDetails } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { platformName } from '../../lib/platform-name.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Meter } from '../../ui/meter.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { imagePath } from '../images/image-list.ts';
import { biggestFiles } from './biggest-files.ts';
import type { BuildView } from './build-view.ts';

/** Of an image: the files that are worth a look. */
const MOST_FILES = 20;

interface ResultTabProps {
  readonly build: BuildDetails;
  readonly view: BuildView;
}

/** What came of the build, and what makes it big. */
export function ResultTab({ build, view }: ResultTabProps) {
  const t = useText();
  return (
    <div className="overview">
      <div className="overview-main">
        <SizesCard view={view} />
        {build.imageId !== null && <FilesCard image={build.imageId} />}
      </div>
      <div className="overview-side">
        <Card title={t('builds.result')}>
          {build.result === null ? (
            <p className="text-3">{t(build.status === 'running' ? 'builds.notYet' : 'builds.noResult')}</p>
          ) : (
            <ResultFacts build={build} />
          )}
        </Card>
        {Object.keys(build.buildArgs).length > 0 && (
          <Card title={t('builds.args')}>
            <Facts longNames>
              {Object.entries(build.buildArgs).map(([name, value]) => (
                <Fact key={name} name={name} mono>
                  {value === '' ? <span className="text-3">{t('builds.argHidden')}</span> : value}
                </Fact>
              ))}
            </Facts>
          </Card>
        )}
      </div>
    </div>
  );
}

function ResultFacts({ build }: { readonly build: BuildDetails }) {
  const t = useText();
  const { result } = build;
  if (result === null) return null;
  return (
    <Facts>
      {result.imageId !== null && (
        <Fact name={t('builds.image')} mono>
          <a href={`#${imagePath({ id: result.imageId })}`}>{result.imageId}</a>
          <CopyButton text={result.imageId} label={t('action.copyId')} />
        </Fact>
      )}
      {result.references.length > 0 && (
        <Fact name={t('builds.tags')} mono>
          {result.references.join(', ')}
        </Fact>
      )}
      {result.manifestDigest !== null && (
        <Fact name={t('builds.digest')} mono>
          {result.manifestDigest}
        </Fact>
      )}
      <Fact name={t('builds.platform')}>{platformName(result.platform)}</Fact>
    </Facts>
  );
}

/** The steps that make layers, the biggest first. */
function SizesCard({ view }: { readonly view: BuildView }) {
  const t = useText();
  const format = useFormat();
  const sized = view.steps
    .flatMap((step) =>
      step.sizeBytes === null || step.sizeBytes === 0 ? [] : [{ step, size: step.sizeBytes }],
    )
    .sort((a, b) => b.size - a.size);
  const biggest = sized[0]?.size ?? 1;
  return (
    <Card title={t('builds.sizes')}>
      {sized.length === 0 ? (
        <p className="text-3">{t('builds.noSizes')}</p>
      ) : (
        <ul className="build-sizes">
          {sized.map(({ step, size }) => (
            <li key={step.index}>
              <span className="mono text-small ellipsis" title={step.instruction}>
                {step.instruction}
              </span>
              <Meter fraction={size / biggest} label={step.instruction} size="thick" />
              <span className="text-2 end">{format.bytes(size)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Read only when asked for: all layers are looked through. */
function FilesCard({ image }: { readonly image: string }) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const [asked, setAsked] = useState(false);
  const query = useQuery({
    queryKey: queryKeys.biggestFiles(image),
    queryFn: ({ signal }) => biggestFiles(engine, image, MOST_FILES, signal),
    enabled: asked,
  });
  return (
    <Card title={t('builds.files')}>
      {!asked && (
        <Button icon="search" onClick={() => setAsked(true)}>
          {t('builds.findFiles')}
        </Button>
      )}
      {query.isFetching && <SkeletonRows label={t('builds.findingFiles')} />}
      {query.error !== null && <ErrorNotice {...describeError(query.error)} />}
      {query.data !== undefined && (
        <ul className="build-sizes">
          {query.data.map((file) => (
            <li key={`${file.layer} ${file.path}`}>
              <span className="mono text-small ellipsis" title={file.path}>
                {file.path}
              </span>
              <span className="text-3 text-small end">{t('builds.inLayer', { layer: file.layer })}</span>
              <span className="text-2 end">{format.bytes(file.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
