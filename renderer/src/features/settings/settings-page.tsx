import { Navigate, useNavigate, useParams } from 'react-router';
import { useText } from '../../messages/use-text.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { DockerTab } from '../docker-tools/docker-tab.tsx';
import { TerminalTab } from '../docker-tools/terminal-tab.tsx';
import { EngineNotice } from '../system/engine-notice.tsx';
import { DownloadsAndRegistries } from './registry-settings-form.tsx';
import { SignInsCard } from './sign-ins-card.tsx';
import './settings.css';

const TABS = ['registries', 'docker', 'terminal'] as const;
type SettingsTab = (typeof TABS)[number];

/** What holds for all that Longshore does. */
export function SettingsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab } = useParams();
  const shown = TABS.find((each) => each === tab);
  if (shown === undefined) return <Navigate to="/settings/registries" replace />;
  return (
    <section className="page" aria-label={t('settings.title')}>
      <EngineNotice />
      <Tabs
        label={t('settings.tabs')}
        value={shown}
        tabs={TABS.map((value) => ({ value, label: t(`settings.tab.${value}`) }))}
        onChange={(next) => void navigate(`/settings/${next}`)}
      >
        <Shown tab={shown} />
      </Tabs>
    </section>
  );
}

function Shown({ tab }: { readonly tab: SettingsTab }) {
  switch (tab) {
    case 'registries':
      return (
        <DownloadsAndRegistries>
          <SignInsCard />
        </DownloadsAndRegistries>
      );
    case 'docker':
      return <DockerTab />;
    case 'terminal':
      return <TerminalTab />;
  }
}
