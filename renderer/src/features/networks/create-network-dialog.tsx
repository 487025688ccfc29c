import { useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { NetworkRequestInput } from '@longshore/engine/contract';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { LabelRows } from '../../ui/label-rows.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { DRIVERS, EMPTY_NETWORK_FORM, networkProblems, networkRequestOf } from './network-form.ts';
import { CommandView } from '../commands/command-view.tsx';
import { createNetworkCommand } from '../commands/network-commands.ts';
import { type NetworkFieldsProps, NetworkHint, NetworkInput, SubnetRow } from './network-fields.tsx';
import { networkPath } from './network-list.ts';
import { useNetworks } from './queries.ts';
import '../run/run.css';

export default function CreateNetworkDialog() {
  const t = useText();
  const id = useId();
  const networks = useNetworks().data;
  const [form, setForm] = useState(EMPTY_NETWORK_FORM);
  const problems = useMemo(() => networkProblems(form, networks ?? []), [form, networks]);
  const request = useMemo(() => networkRequestOf(form), [form]);
  const { busy, error, create } = useCreate();
  const ready = form.name.trim() !== '' && Object.keys(problems).length === 0 && !busy;
  return (
    <Dialog
      title={t('networks.create')}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void create(request);
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
        <Fields
          id={id}
          form={form}
          problems={problems}
          onChange={(part) => setForm((before) => ({ ...before, ...part }))}
        />
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      <CommandView command={createNetworkCommand(request)} />
    </Dialog>
  );
}

function useCreate() {
  const engine = useEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const create = async (request: NetworkRequestInput) => {
    setBusy(true);
    setError(undefined);
    try {
      const network = await engine.networks.create(request);
      await queries.invalidateQueries({ queryKey: queryKeys.networkList });
      closeOverlay();
      void navigate(networkPath(network));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, create };
}

function Fields(fields: NetworkFieldsProps) {
  const t = useText();
  const { id, form, onChange } = fields;
  return (
    <>
      <NetworkInput
        fields={fields}
        field="name"
        label="column.name"
        value={form.name}
        focused
        onValue={(name) => onChange({ name })}
      />
      <FormRow label={t('column.driver')}>
        <div className="form-line">
          <Segmented
            label={t('column.driver')}
            value={form.driver}
            onChange={(driver) => onChange({ driver })}
            options={DRIVERS.map((value) => ({ value, label: value }))}
          />
        </div>
        <Hint>{t(`networks.driver.${form.driver}`)}</Hint>
      </FormRow>
      {form.driver !== 'bridge' && (
        <NetworkInput
          fields={fields}
          field="parent"
          label="networks.parent"
          placeholder="networks.parentExample"
          value={form.parent}
          mono
          onValue={(parent) => onChange({ parent })}
        />
      )}
      <SubnetRow fields={fields} family="v4" value={form.v4} onValue={(v4) => onChange({ v4 })} />
      {form.ipv6 && (
        <SubnetRow fields={fields} family="v6" value={form.v6} onValue={(v6) => onChange({ v6 })} />
      )}
      <FormRow label={t('run.options')}>
        <div className="form-line run-options">
          <Checkbox
            labelled
            label={t('networks.ipv6')}
            checked={form.ipv6}
            onChange={(ipv6) => onChange({ ipv6 })}
          />
          <Checkbox
            labelled
            label={t('networks.isInternal')}
            checked={form.internal}
            onChange={(internal) => onChange({ internal })}
          />
          {form.driver === 'bridge' && (
            <Checkbox
              labelled
              label={t('networks.isolated')}
              checked={form.isolated}
              onChange={(isolated) => onChange({ isolated })}
            />
          )}
        </div>
      </FormRow>
      <FormRow label={t('networks.mtu')} htmlFor={`${id}-mtu`}>
        <TextField
          id={`${id}-mtu`}
          fieldWidth="short"
          inputMode="numeric"
          placeholder="1500"
          value={form.mtu}
          invalid={fields.problems.mtu !== undefined}
          onChange={(event) => onChange({ mtu: event.target.value })}
        />
        <NetworkHint problem={fields.problems.mtu} />
      </FormRow>
      <LabelRows
        labels={form.labels}
        problem={fields.problems.labels === undefined ? undefined : t(fields.problems.labels.id)}
        onChange={(labels) => onChange({ labels })}
      />
    </>
  );
}
