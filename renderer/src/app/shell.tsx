import { useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useConnectionState } from '../bridge/index.ts';
import { useText } from '../messages/use-text.ts';
import { openOverlay, useOverlays } from '../features/overlays/overlay-store.ts';
import { StatusBar } from '../features/system/status-bar.tsx';
import { TasksDrawer } from '../features/tasks/tasks-drawer.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { LiveState } from './live-state.tsx';
import { Navigation } from './navigation.tsx';
import { Overlays } from './overlays.tsx';
import { useAppearance } from './theme.ts';
import { TitleBar } from './title-bar.tsx';
import './shell.css';

/** The frame that all pages share. */
export function Shell() {
  const t = useText();
  const location = useLocation();
  const tasksOpen = useOverlays((state) => state.tasksOpen);
  const refused = useConnectionState() === 'refused';
  useAppearance();
  usePaletteKey();
  return (
    <div className="shell">
      <LiveState />
      <TitleBar />
      <Navigation />
      <main className="shell-main">
        {refused ? (
          <EmptyState title={t('session.refused')} text={t('session.refusedText')}>
            <code className="mono">longshore serve</code>
          </EmptyState>
        ) : (
          <ErrorBoundary resetKey={location.pathname}>
            <Outlet />
          </ErrorBoundary>
        )}
        {tasksOpen && <TasksDrawer />}
      </main>
      <StatusBar />
      <Toaster />
      <Overlays />
    </div>
  );
}

function usePaletteKey(): void {
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (useOverlays.getState().overlay === undefined) openOverlay({ kind: 'palette' });
    };
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, []);
}
