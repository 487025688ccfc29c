import type { ImageDetails } from '@longshore/engine/types';
import { platformName, platformNames } from '../../lib/platform-name.ts';
import { labelVariables, parseEnv } from '../../lib/secrets.ts';
import { joinWords } from '../../lib/shell-words.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { VariablesCard } from '../details/variables-card.tsx';
import { Digest } from './digest.tsx';
import { NamesCard } from './names-card.tsx';

interface PartProps {
  readonly image: ImageDetails;
}

export function ImageOverviewTab({ image }: PartProps) {
  const t = useText();
  return (
    <div className="overview">
      <div className="overview-main">
        <ProgramCard image={image} />
        <VariablesCard title={t('run.environment')} variables={image.config.env.map(parseEnv)} />
        <VariablesCard title={t('overview.labels')} variables={labelVariables(image.labels)} />
      </div>
      <div className="overview-side">
        <NamesCard image={image} />
        <IdentityCard image={image} />
      </div>
    </div>
  );
}

/** What a container of this image runs, unless it is told otherwise. */
function ProgramCard({ image }: PartProps) {
  const t = useText();
  const { config } = image;
  const command = joinWords([...config.entrypoint, ...config.command]);
  return (
    <Card
      title={t('overview.program')}
      end={command !== '' && <CopyButton text={command} label={t('overview.copyCommand')} />}
    >
      <Facts>
        <Words name={t('image.entrypoint')} text={joinWords(config.entrypoint)} />
        <Words name={t('column.command')} text={joinWords(config.command)} />
        <Words name={t('run.workingDir')} text={config.workingDir === '' ? '/' : config.workingDir} />
        <Words name={t('run.user')} text={config.user === '' ? 'root' : config.user} />
        <Words name={t('image.ports')} text={config.exposedPorts.join(', ')} />
        <Words name={t('image.volumes')} text={config.volumes.join(', ')} />
        {config.stopSignal !== null && <Words name={t('image.stopSignal')} text={config.stopSignal} />}
      </Facts>
    </Card>
  );
}

function Words({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <Fact name={name} mono>
      {text === '' ? <span className="text-3">–</span> : text}
    </Fact>
  );
}

function IdentityCard({ image }: PartProps) {
  const t = useText();
  const format = useFormat();
  const others = platformNames(image, false).join(', ');
  return (
    <Card title={t('image.about')}>
      <Facts>
        <Fact name={t('column.id')}>
          <Digest digest={image.id} label={t('action.copyId')} />
        </Fact>
        <Fact name={t('image.manifest')}>
          <Digest digest={image.manifestDigest} label={t('image.copyDigest')} />
        </Fact>
        <Fact name={t('overview.platform')}>{platformName(image.platform)}</Fact>
        {image.platforms !== undefined && (
          <Fact name={t('image.platforms')}>
            {platformNames(image, true).join(', ')}
            {others !== '' && <span className="text-3"> {t('image.platformsElsewhere', { others })}</span>}
          </Fact>
        )}
        <Fact name={t('column.created')}>
          {image.createdAt === null ? <span className="text-3">–</span> : format.dateTime(image.createdAt)}
        </Fact>
        <Fact name={t('image.size')}>{t('bytes.exact', { bytes: format.exactBytes(image.sizeBytes) })}</Fact>
        <Fact name={t('image.unique')}>
          {t('bytes.exact', { bytes: format.exactBytes(image.uniqueBytes) })}
        </Fact>
        {image.author !== null && <Fact name={t('image.author')}>{image.author}</Fact>}
        <Fact name={t('image.mediaType')} mono>
          {image.mediaType}
        </Fact>
      </Facts>
    </Card>
  );
}
