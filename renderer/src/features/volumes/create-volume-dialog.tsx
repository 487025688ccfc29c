import { useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { LabelRows } from '../../ui/label-rows.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { createVolumeCommand } from '../commands/volume-commands.ts';
import { useVolumes } from './queries.ts';
import { useVolumeActions } from './use-volume-actions.ts';
import {
  EMPTY_VOLUME_FORM,
  isComplete,
  VOLUME_KINDS,
  type VolumeField,
  type VolumeForm,
  type VolumeKind,
  volumeProblems,
  type VolumeProblems,
  volumeRequestOf,
} from './volume-form.ts';
import { volumePath } from './volume-list.ts';

export default function CreateVolumeDialog() {
  const t = useText();
  const id = useId();
  const engine = useEngine();
  const navigate = useNavigate();
  const { refresh } = useVolumeActions();
  const volumes = useVolumes().data;
  const [form, setForm] = useState(EMPTY_VOLUME_FORM);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const problems = useMemo(() => volumeProblems(form, volumes ?? []), [form, volumes]);
  const request = useMemo(() => volumeRequestOf(form), [form]);
  const ready = Object.keys(problems).length === 0 && isComplete(form) && !busy;
  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const volume = await engine.volumes.create(request);
      await refresh();
      closeOverlay();
      void navigate(volumePath(volume.name));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('volumes.create')}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void create();
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="plus" disabled={!ready}>
            {t('create.make')}
          </Button>
        </>
      }
    >
      <div className="form">
        <VolumeFields
          id={id}
          form={form}
          problems={problems}
          onChange={(part) => setForm((before) => ({ ...before, ...part }))}
        />
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      <CommandView command={createVolumeCommand(request)} />
    </Dialog>
  );
}

interface VolumeFieldsProps {
  readonly id: string;
  readonly form: VolumeForm;
  readonly problems: VolumeProblems;
  readonly onChange: (part: Partial<VolumeForm>) => void;
}

type TextOf = Exclude<VolumeField, 'labels'>;

/** What each kind asks for besides its name. */
const FIELDS: Readonly<Record<VolumeKind, readonly (readonly [TextOf, MessageId, MessageId?])[]>> = {
  own: [],
  bind: [
    ['folder', 'volumes.folder', 'run.mountSource'],
    ['options', 'volumes.mountOptions', 'volumes.optionsExample'],
  ],
  tmpfs: [
    ['size', 'volumes.size', 'run.mib'],
    ['options', 'volumes.mountOptions', 'volumes.optionsExample'],
  ],
  nfs: [
    ['server', 'volumes.server', 'volumes.serverExample'],
    ['folder', 'volumes.exported', 'volumes.exportedExample'],
    ['options', 'volumes.mountOptions', 'volumes.nfsOptionsExample'],
  ],
};

function VolumeFields({ id, form, problems, onChange }: VolumeFieldsProps) {
  const t = useText();
  const row = ([field, label, example]: readonly [TextOf, MessageId, MessageId?], focused = false) => {
    const problem = problems[field];
    return (
      <FormRow key={field} label={t(label)} htmlFor={`${id}-${field}`}>
        <TextField
          id={`${id}-${field}`}
          {...(focused && { 'data-autofocus': true })}
          mono={field !== 'name'}
          value={form[field]}
          invalid={problem !== undefined}
          placeholder={example === undefined ? '' : t(example)}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
        {problem !== undefined && <Hint tone="bad">{t(problem.id, problem.values)}</Hint>}
      </FormRow>
    );
  };
  return (
    <>
      {row(['name', 'column.name', 'run.namePlaceholder'], true)}
      <FormRow label={t('volumes.where')}>
        <div className="form-line">
          <Segmented
            label={t('volumes.where')}
            value={form.kind}
            onChange={(kind) => onChange({ kind })}
            options={VOLUME_KINDS.map((value) => ({ value, label: t(`volumes.kind.${value}`) }))}
          />
        </div>
        <Hint>{t(`volumes.about.${form.kind}`)}</Hint>
      </FormRow>
      {FIELDS[form.kind].map((field) => row(field))}
      <LabelRows
        labels={form.labels}
        problem={problems.labels === undefined ? undefined : t(problems.labels.id)}
        onChange={(labels) => onChange({ labels })}
      />
    </>
  );
}
