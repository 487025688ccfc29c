import { useText } from '../../messages/use-text.ts';
import { EngineNotice } from '../system/engine-notice.tsx';
import { DownloadsAndRegistries } from './registry-settings-form.tsx';
import { SignInsCard } from './sign-ins-card.tsx';
import './settings.css';

/** What holds for all that Longshore does. */
export function SettingsPage() {
  const t = useText();
  return (
    <section className="page" aria-label={t('settings.title')}>
      <EngineNotice />
      <DownloadsAndRegistries>
        <SignInsCard />
      </DownloadsAndRegistries>
    </section>
  );
}
