import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { StateShape } from '../../ui/icon.tsx';
import { useOverlays } from '../overlays/overlay-store.ts';
import { runningTasks, useTasks } from './queries.ts';
import './tasks.css';

/** The status bar's count of what is under way; opens the drawer. */
export function TasksButton() {
  const t = useText();
  const format = useFormat();
  const tasks = useTasks();
  const { tasksOpen, setTasksOpen } = useOverlays();
  const running = runningTasks(tasks.data ?? []);
  const failed = (tasks.data ?? []).filter((task) => task.status === 'failed').length;
  const first = running[0];
  return (
    <button
      type="button"
      className="tasks-button"
      aria-expanded={tasksOpen}
      onClick={() => setTasksOpen(!tasksOpen)}
    >
      {first !== undefined ? (
        <>
          <StateShape shape="busy" tone="info" />
          <b>{t('tasks.running', { count: running.length })}</b>
          <span className="text-3 wide-only">
            {t(`task.${first.kind}`, { subject: first.subject })}
            {first.fraction !== null && `, ${format.percent(first.fraction)}`}
          </span>
        </>
      ) : failed > 0 ? (
        <>
          <StateShape shape="failed" tone="bad" />
          {t('tasks.failed', { count: failed })}
        </>
      ) : (
        t('tasks.none')
      )}
    </button>
  );
}
