import { useId, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ContainerSummary, NetworkSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { contains, parseCidr, parseIp } from '../../lib/ip.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormRow, Hint, SelectField, TextField } from '../../ui/field.tsx';
import { useContainers } from '../containers/queries.ts';
import { takesMembers } from '../networks/network-menu.ts';
import { useNetworks } from '../networks/queries.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { connectCommand, type ConnectOrder } from '../commands/network-commands.ts';

interface ConnectDialogProps {
  /** What is already chosen; the other is asked for. */
  readonly network: string | undefined;
  readonly container: string | undefined;
}

/** Puts a container on a network, running or not. */
export default function ConnectDialog(given: ConnectDialogProps) {
  const t = useText();
  const networks = (useNetworks().data ?? []).filter(takesMembers);
  const containers = (useContainers().data ?? []).filter(canJoin);
  const [network, setNetwork] = useState(given.network ?? '');
  const [container, setContainer] = useState(given.container ?? '');
  const [aliases, setAliases] = useState('');
  const [address, setAddress] = useState('');
  const chosenNetwork = networks.find(({ name }) => name === network);
  const chosenContainer = containers.find(({ name }) => name === container);
  const isOn = chosenContainer?.networks.some(({ id }) => id === chosenNetwork?.id) === true;
  const isOutside = address.trim() !== '' && !isInside(address.trim(), chosenNetwork);
  const { busy, error, connect } = useConnect();
  const order = orderOf(network, container, aliases, address);
  const ready = network !== '' && container !== '' && !isOn && !isOutside && !busy;
  return (
    <Dialog
      title={t('connect.title')}
      closeLabel={t('ui.close')}
      size="small"
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void connect(order);
      }}
      footer={
        <>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!ready}>
            {t('connect.connect')}
          </Button>
        </>
      }
    >
      <div className="form">
        <Choice
          label={t('column.container')}
          value={container}
          names={containers.map(({ name }) => name)}
          focused={given.container === undefined}
          onChange={setContainer}
        />
        <Choice
          label={t('run.network')}
          value={network}
          names={networks.map(({ name }) => name)}
          focused={given.container !== undefined}
          onChange={setNetwork}
        />
        {isOn && <Hint tone="bad">{t('connect.isOn')}</Hint>}
        <TextRow
          label={t('network.aliases')}
          value={aliases}
          placeholder={t('run.several')}
          onChange={setAliases}
        />
        <TextRow
          label={t('column.address')}
          value={address}
          placeholder={t('networks.chosen')}
          problem={isOutside ? t('connect.outside') : undefined}
          onChange={setAddress}
        />
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
      </div>
      {network !== '' && container !== '' && <CommandView command={connectCommand(order)} />}
    </Dialog>
  );
}

/** One whose network is the machine's, or another's, has none of its own to be put on another. */
function canJoin(container: ContainerSummary): boolean {
  return container.state.status !== 'removing';
}

function isInside(address: string, network: NetworkSummary | undefined): boolean {
  const ip = parseIp(address);
  if (ip === undefined || network === undefined) return ip !== undefined;
  return network.subnets.some(({ subnet }) => {
    const block = parseCidr(subnet);
    return block !== undefined && contains(block, ip);
  });
}

function orderOf(network: string, container: string, aliases: string, address: string): ConnectOrder {
  const ip = address.trim();
  return {
    network,
    container,
    aliases: aliases.split(/[\s,]+/).filter((alias) => alias !== ''),
    ...(ip !== '' && (ip.includes(':') ? { ipv6: ip } : { ipv4: ip })),
  };
}

function useConnect() {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const connect = async (order: ConnectOrder) => {
    setBusy(true);
    setError(undefined);
    try {
      await engine.networks.connect({ ...order, aliases: [...order.aliases] });
      await Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.networks }),
        queries.invalidateQueries({ queryKey: queryKeys.containers }),
      ]);
      closeOverlay();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, connect };
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  readonly focused: boolean;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, names, focused, onChange }: ChoiceProps) {
  const t = useText();
  const id = useId();
  return (
    <FormRow label={label} htmlFor={id}>
      <SelectField
        id={id}
        fieldWidth="full"
        {...(focused && { 'data-autofocus': true })}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {value === '' && <option value="">{t('connect.choose')}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
    </FormRow>
  );
}

interface TextRowProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly problem?: string | undefined;
  readonly onChange: (value: string) => void;
}

function TextRow({ label, value, placeholder, problem, onChange }: TextRowProps) {
  const id = useId();
  return (
    <FormRow label={label} htmlFor={id}>
      <TextField
        id={id}
        mono
        value={value}
        placeholder={placeholder}
        invalid={problem !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      {problem !== undefined && <Hint tone="bad">{problem}</Hint>}
    </FormRow>
  );
}
