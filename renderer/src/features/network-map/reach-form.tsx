import { useId } from 'react';
import type { ProbeResult } from '@longshore/engine/types';
import { describeError } from '../../lib/describe-error.ts';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { StateShape } from '../../ui/icon.tsx';
import { useFormat } from '../../lib/use-format.ts';
import { useContainers } from '../containers/queries.ts';
import { isPort, MACHINE, OTHER_HOST, type Reach } from './use-reach.ts';
import './reach.css';

interface ReachFormProps {
  readonly reach: Reach;
  readonly names: readonly string[];
}

/** Can A reach port P of B? */
export function ReachForm({ reach, names }: ReachFormProps) {
  const t = useText();
  const id = useId();
  const { question, answer, busy, ready, change, test } = reach;
  const target = useContainers().data?.find(({ name }) => name === question.to);
  const isWrong = question.port !== '' && !isPort(question.port.trim());
  return (
    <form
      className="reach"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) test();
      }}
    >
      <Labelled id={`${id}-from`} label="reach.from">
        <SelectField
          id={`${id}-from`}
          fieldWidth="full"
          value={question.from}
          onChange={(event) => change({ from: event.target.value })}
        >
          <option value={MACHINE}>{t('reach.machine')}</option>
          <Names names={names} />
        </SelectField>
      </Labelled>
      <Labelled id={`${id}-to`} label="reach.to">
        <SelectField
          id={`${id}-to`}
          fieldWidth="full"
          value={question.to}
          onChange={(event) => change({ to: event.target.value })}
        >
          {question.to === '' && <option value="">{t('connect.choose')}</option>}
          <Names names={names} />
          <option value={OTHER_HOST}>{t('reach.otherHost')}</option>
        </SelectField>
        {question.to === OTHER_HOST && (
          <TextField
            mono
            aria-label={t('reach.host')}
            placeholder={t('reach.host')}
            value={question.host}
            onChange={(event) => change({ host: event.target.value })}
          />
        )}
      </Labelled>
      <Labelled id={`${id}-port`} label="reach.port">
        <TextField
          id={`${id}-port`}
          mono
          inputMode="numeric"
          list={`${id}-ports`}
          placeholder={t('reach.portExample')}
          value={question.port}
          invalid={isWrong}
          onChange={(event) => change({ port: event.target.value })}
        />
        <datalist id={`${id}-ports`}>
          {(target?.exposedPorts ?? [])
            .filter(({ protocol }) => protocol === 'tcp')
            .map(({ containerPort }) => (
              <option key={containerPort} value={containerPort} />
            ))}
        </datalist>
      </Labelled>
      <Button type="submit" icon="follow" disabled={!ready}>
        {t(busy ? 'reach.testing' : 'reach.test')}
      </Button>
      <div className="reach-answer" role="status">
        {answer !== null && 'result' in answer && <Answer result={answer.result} />}
        {answer !== null && 'error' in answer && <ErrorNotice {...describeError(answer.error)} />}
      </div>
    </form>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  return names.map((name) => (
    <option key={name} value={name}>
      {name}
    </option>
  ));
}

interface LabelledProps {
  readonly id: string;
  readonly label: MessageId;
  readonly children: React.ReactNode;
}

function Labelled({ id, label, children }: LabelledProps) {
  const t = useText();
  return (
    <div className="reach-field">
      <label className="text-small text-3" htmlFor={id}>
        {t(label)}
      </label>
      {children}
    </div>
  );
}

function Answer({ result }: { readonly result: ProbeResult }) {
  const t = useText();
  const format = useFormat();
  const { outcome, addresses, roundTripMs, reason } = result;
  const reached = outcome === 'connected';
  return (
    <div className="reach-result">
      <StateShape shape={reached ? 'done' : 'failed'} tone={reached ? 'ok' : 'bad'} />
      <div>
        <p className="text-medium">{t(`reach.${outcome}`)}</p>
        {reason !== null && <p className="text-2 text-small">{reason}</p>}
        <p className="text-3 text-small">
          {addresses.length > 0 && <span className="mono">{addresses.join(', ')}</span>}
          {roundTripMs !== null &&
            ` ${t('reach.roundTrip', { time: format.number(Math.round(roundTripMs * 100) / 100) })}`}
        </p>
      </div>
    </div>
  );
}
