import { useId, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ContainerDetails } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Hint } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { displayName } from '../containers/container-list.ts';
import { hasProcesses } from '../containers/container-state.ts';
import { useContainerDetails } from '../containers/queries.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { RestartFields } from '../run/basic-fields.tsx';
import type { RunFieldsProps } from '../run/field-props.ts';
import { FieldGrid, InputCell } from '../run/form-fields.tsx';
import type { RunForm } from '../run/run-form.ts';
import { CommandView } from '../commands/command-view.tsx';
import { same } from '../commands/action-command.ts';
import { readUpdate, updateArguments, updateFormOf } from './update-form.ts';
import '../run/run.css';

/** Limits and restart policy of a container that exists. */
export default function UpdateDialog({ id }: { readonly id: string }) {
  const t = useText();
  const { data } = useContainerDetails(id);
  if (data !== undefined) return <UpdateForm container={data} />;
  return (
    <Dialog title={t('update.titleWaiting')} closeLabel={t('ui.close')} onClose={closeOverlay}>
      <SkeletonRows label={t('containers.details.loading')} />
    </Dialog>
  );
}

function UpdateForm({ container }: { readonly container: ContainerDetails }) {
  const t = useText();
  const id = useId();
  // What the container was when the dialog opened: a change from elsewhere does not change what is typed here.
  const [before] = useState(() => updateFormOf(container.spec));
  const [form, setForm] = useState<RunForm>(before);
  const { update, problems } = useMemo(() => readUpdate(before, form), [before, form]);
  const { busy, error, save } = useSave(container, update);
  const isChanged = Object.keys(update).length > 0;
  const ready = isChanged && Object.keys(problems).length === 0 && !busy;
  const change = (part: Partial<RunForm>) => setForm((now) => ({ ...now, ...part }));
  return (
    <Dialog
      title={t('update.title', { name: displayName(container) })}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void save();
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t('update.save')}
          </Button>
        </>
      }
    >
      <div className="form">
        <UpdateFields id={id} form={form} problems={problems} onChange={change} />
        {hasProcesses(container.state) && <Hint>{t('update.atOnce')}</Hint>}
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      <CommandView command={same(...updateArguments(displayName(container), update))} />
    </Dialog>
  );
}

function useSave(container: ContainerDetails, update: Parameters<typeof updateArguments>[1]) {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await engine.containers.update({ container: container.id, ...update });
      await queries.invalidateQueries({ queryKey: queryKeys.container(container.id) });
      closeOverlay();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, save };
}

function UpdateFields(fields: RunFieldsProps) {
  return (
    <>
      <FieldGrid label="run.memory">
        <InputCell fields={fields} field="memory" label="update.limit" unit="run.mib" numeric focused />
        <InputCell fields={fields} field="memorySwap" label="run.memorySwap" unit="run.mib" numeric />
        <InputCell
          fields={fields}
          field="memoryReservation"
          label="limits.reservation"
          unit="run.mib"
          numeric
        />
      </FieldGrid>
      <FieldGrid label="run.cpus">
        <InputCell fields={fields} field="cpus" label="update.limit" unit="run.cpuUnit" numeric />
        <InputCell fields={fields} field="cpuShares" label="run.cpuShares" numeric />
        <InputCell
          fields={fields}
          field="cpusetCpus"
          label="limits.cpuset"
          placeholder="run.listExample"
          mono
        />
        <InputCell fields={fields} field="cpuQuota" label="run.cpuQuota" unit="run.microseconds" numeric />
        <InputCell fields={fields} field="cpuPeriod" label="run.cpuPeriod" unit="run.microseconds" numeric />
        <InputCell
          fields={fields}
          field="cpusetMems"
          label="run.cpusetMems"
          placeholder="run.listExample"
          mono
        />
      </FieldGrid>
      <FieldGrid label="update.others">
        <InputCell fields={fields} field="pidsLimit" label="limits.pids" numeric />
        <InputCell fields={fields} field="ioWeight" label="update.ioWeight" numeric />
      </FieldGrid>
      <RestartFields {...fields} />
    </>
  );
}
