import { useQueryClient } from '@tanstack/react-query';
import type { Task } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useNow } from '../../lib/use-now.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type ShapeName, StateShape, type Tone } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { useOverlays } from '../overlays/overlay-store.ts';
import { inOrder, useTasks } from './queries.ts';
import './tasks.css';

export function TasksDrawer() {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const tasks = useTasks();
  const setTasksOpen = useOverlays((state) => state.setTasksOpen);
  const list = inOrder(tasks.data ?? []);
  const clear = async () => {
    try {
      queries.setQueryData(queryKeys.tasks, await engine.system.clearTasks({}));
    } catch (error) {
      reportError(error);
    }
  };
  return (
    <aside
      className="drawer"
      aria-label={t('tasks.title')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setTasksOpen(false);
      }}
    >
      <header className="drawer-header">
        <h2 className="text-strong">{t('tasks.title')}</h2>
        <span className="grow" />
        <Button
          small
          variant="quiet"
          disabled={!list.some((task) => task.status !== 'running')}
          onClick={() => void clear()}
        >
          {t('tasks.clear')}
        </Button>
        <IconButton icon="close" small label={t('ui.close')} onClick={() => setTasksOpen(false)} />
      </header>
      {list.length === 0 ? (
        <p className="drawer-empty text-3">{t('tasks.emptyText')}</p>
      ) : (
        <ul className="drawer-list">
          {list.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
    </aside>
  );
}

const MARKS: Readonly<Record<Task['status'], readonly [ShapeName, Tone]>> = {
  running: ['busy', 'info'],
  done: ['done', 'ok'],
  failed: ['failed', 'bad'],
  cancelled: ['exited', 'idle'],
};

function TaskRow({ task }: { readonly task: Task }) {
  const t = useText();
  const format = useFormat();
  const engine = useEngine();
  const now = useNow(1000);
  const [shape, tone] = MARKS[task.status];
  const title = t(`task.${task.kind}`, { subject: task.subject });
  const end = task.endedAt === null ? now : Date.parse(task.endedAt);
  const cancel = () => {
    engine.system.cancelTask({ task: task.id }).catch((error: unknown) => reportError(error));
  };
  return (
    <li className="task">
      <StateShape shape={shape} tone={tone} />
      <div className="grow">
        <div className="row">
          <span className="ellipsis">{title}</span>
          <span className="grow" />
          <span className="text-3 text-small">{format.duration(end - Date.parse(task.startedAt))}</span>
        </div>
        <div className={`text-small ${tone === 'bad' ? 'text-bad' : 'text-3'}`}>
          {t(`task.status.${task.status}`)}
          {task.status === 'running' && task.fraction !== null && ` ${format.percent(task.fraction)}`}
        </div>
        {task.status === 'running' && task.fraction !== null && (
          <Meter size="tiny" tone="info" progress fraction={task.fraction} label={title} />
        )}
        {task.error !== null && (
          <div className="task-error text-small">
            <span className="grow">
              {task.error.message}
              {task.error.hint !== undefined && <span className="text-3"> {task.error.hint}</span>}
            </span>
            <CopyButton text={JSON.stringify(task.error, undefined, 2)} label={t('toast.copyDetails')} />
          </div>
        )}
      </div>
      {task.status === 'running' && (
        <Button small onClick={cancel}>
          {t('ui.cancel')}
        </Button>
      )}
    </li>
  );
}
