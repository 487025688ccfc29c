import { useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { BuildSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { droppedFiles } from '../files/write-files.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { CommandView } from '../commands/command-view.tsx';
import { buildCommand } from '../commands/build-commands.ts';
import { BuildFields } from './build-fields.tsx';
import {
  type BuildForm,
  buildProblems,
  buildRequestOf,
  EMPTY_BUILD_FORM,
  formAgain,
  hasContext,
} from './build-form.ts';
import { buildPath } from './build-list.ts';
import { CheckList } from './check-list.tsx';
import { givenFolder } from './given-folder.ts';
import { useBuildDetails } from './queries.ts';
import { startBuild } from './start-build.ts';
import { useCheck } from './use-check.ts';
import '../run/run.css';
import './builds.css';

interface BuildDialogProps {
  /** Its answers stand in the form. */
  readonly again: BuildSummary | undefined;
}

export default function BuildDialog({ again }: BuildDialogProps) {
  return again === undefined ? <FormDialog first={EMPTY_BUILD_FORM} /> : <AgainDialog build={again} />;
}

function AgainDialog({ build }: { readonly build: BuildSummary }) {
  const t = useText();
  const query = useBuildDetails(build.id);
  if (query.data !== undefined) return <FormDialog first={formAgain(query.data)} />;
  if (query.error !== null) return <FormDialog first={EMPTY_BUILD_FORM} />;
  return <SkeletonRows label={t('builds.details.loading')} />;
}

function FormDialog({ first }: { readonly first: BuildForm }) {
  const t = useText();
  const id = useId();
  const [form, setForm] = useState(first);
  const problems = useMemo(() => buildProblems(form), [form]);
  const { busy, error, start } = useStart();
  const { check, checking, runCheck, forget } = useCheck();
  const ready = hasContext(form) && Object.keys(problems).length === 0 && !busy;
  const change = (part: Partial<BuildForm>) => {
    forget();
    setForm((before) => ({ ...before, ...part }));
  };
  const { over, ...drop } = useFileDrop((transfer) => {
    // The paths must be asked for while the event is being handled.
    const path = pathOfDropped(transfer);
    const files = droppedFiles(transfer);
    if (path === undefined) void files.then((given) => change({ given: givenFolder(given) }));
    else change({ folder: path, given: undefined });
  });
  return (
    <Dialog
      title={t('builds.build')}
      closeLabel={t('ui.close')}
      onClose={closeOverlay}
      onSubmit={() => {
        if (ready) void start(form);
      }}
      footer={
        <>
          <Button
            disabled={!ready || checking || form.given !== undefined}
            onClick={() => void runCheck(form)}
          >
            {t('builds.check')}
          </Button>
          <span className="grow" />
          <Button onClick={closeOverlay}>{t('ui.cancel')}</Button>
          <Button type="submit" variant="primary" icon="build" disabled={!ready}>
            {t('builds.start')}
          </Button>
        </>
      }
    >
      <div className={over ? 'form build-drop build-drop-over' : 'form build-drop'} {...drop}>
        <BuildFields id={id} form={form} problems={problems} onChange={change} />
        {error !== undefined && <ErrorNotice {...describeError(error)} />}
        {check !== undefined && <CheckList check={check} />}
      </div>
      <CommandView command={buildCommand(form)} />
    </Dialog>
  );
}

/** Where the window can tell: the path of the one folder that was dropped. */
function pathOfDropped(transfer: DataTransfer): string | undefined {
  const [file] = transfer.files;
  const isFolder = transfer.items[0]?.webkitGetAsEntry()?.isDirectory === true;
  if (window.longshore === undefined || file === undefined || !isFolder) return undefined;
  return window.longshore.pathOf(file) || undefined;
}

function useStart() {
  const engine = useEngine();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const start = async (form: BuildForm) => {
    setBusy(true);
    setError(undefined);
    try {
      const id = await startBuild(engine, buildRequestOf(form), form.given);
      await queries.invalidateQueries({ queryKey: queryKeys.buildList });
      closeOverlay();
      void navigate(buildPath({ id }));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return { busy, error, start };
}
