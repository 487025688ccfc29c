import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { RegistrySettings } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useToasts } from '../../ui/toast-store.ts';
import { useRegistrySettings } from '../registries/queries.ts';
import { DownloadsCard } from './downloads-card.tsx';
import { PoliciesCard } from './policies-card.tsx';
import { ProxyCard } from './proxy-card.tsx';
import { formOf, isSame, problemsOf, type RegistryForm, settingsOf } from './registry-form.ts';

/** Nothing of it holds until it is saved. `children` stand above it and save by themselves. */
export function DownloadsAndRegistries({ children }: { readonly children: ReactNode }) {
  const t = useText();
  const query = useRegistrySettings();
  if (query.data !== undefined) {
    return (
      <Form saved={query.data} key={JSON.stringify(query.data)}>
        {children}
      </Form>
    );
  }
  if (query.error === null) return <SkeletonRows label={t('settings.loading')} />;
  return (
    <EmptyState title={t('settings.failed')}>
      <div className="empty-actions">
        <ErrorNotice {...describeError(query.error)} />
        <Button icon="restart" onClick={() => void query.refetch()}>
          {t('list.retry')}
        </Button>
      </div>
    </EmptyState>
  );
}

interface FormProps {
  readonly saved: RegistrySettings;
  readonly children: ReactNode;
}

function Form({ saved, children }: FormProps) {
  const t = useText();
  const before = formOf(saved);
  const [form, setForm] = useState(before);
  const { busy, error, save } = useSave();
  const problems = problemsOf(form);
  const changed = !isSame(form, before);
  const edit = (part: Partial<RegistryForm>) => setForm({ ...form, ...part });
  return (
    <form
      className="settings"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && problems.length === 0) void save(form);
      }}
    >
      <div className="settings-cards">
        {children}
        <PoliciesCard registries={form.registries} onChange={(registries) => edit({ registries })} />
        <DownloadsCard form={form} problems={problems} onEdit={edit} />
        <ProxyCard form={form} onEdit={edit} />
      </div>
      {(changed || error !== undefined) && (
        <footer className="settings-bar" aria-label={t('settings.changes')}>
          <Button onClick={() => setForm(before)}>{t('settings.discard')}</Button>
          <Button type="submit" variant="primary" disabled={busy || !changed || problems.length > 0}>
            {t('settings.save')}
          </Button>
          {error === undefined ? (
            <span className="text-2">{t('settings.unsaved')}</span>
          ) : (
            <ErrorNotice {...describeError(error)} />
          )}
        </footer>
      )}
    </form>
  );
}

function useSave() {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async (form: RegistryForm) => {
    setBusy(true);
    setError(undefined);
    try {
      const settings = settingsOf(form);
      const saved = await engine.registries.saveSettings({
        ...settings,
        registries: settings.registries.map(({ mirrors, ...policy }) => ({
          ...policy,
          mirrors: [...mirrors],
        })),
      });
      queries.setQueryData(queryKeys.registrySettings, saved);
      useToasts.getState().show({ tone: 'ok', title: t('settings.saved') });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, save };
}
