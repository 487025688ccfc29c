import { fromWire } from '@longshore/engine/errors';
import type { DockerAccess } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';
import { Chip } from '../../ui/chip.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';

export function SocketCard({ access }: { readonly access: DockerAccess }) {
  const t = useText();
  const { socket, socketPath } = access;
  const answers = socket.status === 'answering';
  return (
    <Card
      title={t('docker.api')}
      end={
        <Chip shape={answers ? 'running' : 'failed'} tone={answers ? 'ok' : 'bad'}>
          {t(answers ? 'docker.answers' : 'docker.silent')}
        </Chip>
      }
    >
      <div className="settings-form">
        <Facts>
          <Fact name={t('docker.socket')}>
            <span className="row">
              <span className="mono">{socketPath}</span>
              <CopyButton text={socketPath} label={t('docker.copyPath')} />
            </span>
          </Fact>
          <Fact name={t('docker.address')}>
            <span className="row">
              <span className="mono">unix://{socketPath}</span>
              <CopyButton text={`unix://${socketPath}`} label={t('docker.copyAddress')} />
            </span>
          </Fact>
          {answers && <Fact name={t('docker.version')}>{socket.apiVersion}</Fact>}
        </Facts>
        {answers ? (
          <Hint>{t('docker.onlyYou')}</Hint>
        ) : (
          <ErrorNotice {...describeError(fromWire(socket.error))} />
        )}
      </div>
    </Card>
  );
}
