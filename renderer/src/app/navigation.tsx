import { NavLink } from 'react-router';
import { useBuilds } from '../features/builds/queries.ts';
import { useNetworks } from '../features/networks/queries.ts';
import { useSystemInfo } from '../features/system/queries.ts';
import { useVolumes } from '../features/volumes/queries.ts';
import { useText } from '../messages/use-text.ts';
import { Icon, type IconName } from '../ui/icon.tsx';

export function Navigation() {
  const t = useText();
  const info = useSystemInfo();
  const counts = info.data?.counts;
  const volumes = useVolumes().data?.length;
  const networks = useNetworks().data?.length;
  const builds = useBuilds().data?.length;
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <NavItem to="/containers" icon="box" label={t('containers.title')} count={counts?.containers} />
      <NavItem to="/images" icon="layers" label={t('images.title')} count={counts?.images} />
      <NavItem to="/volumes" icon="volume" label={t('volumes.title')} count={volumes} />
      <NavItem to="/networks" icon="network" label={t('networks.title')} count={networks} />
      <NavItem to="/builds" icon="build" label={t('builds.title')} count={builds} />
      <NavItem to="/events" icon="activity" label={t('events.title')} count={undefined} />
      <NavItem to="/disk" icon="disk" label={t('disk.title')} count={undefined} />
      <span className="grow" />
      <NavItem to="/settings" icon="sliders" label={t('settings.title')} count={undefined} />
    </nav>
  );
}

interface NavItemProps {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
  readonly count: number | undefined;
}

function NavItem({ to, icon, label, count }: NavItemProps) {
  return (
    <NavLink to={to} className="nav-item" title={label}>
      <Icon name={icon} />
      <span className="nav-label">{label}</span>
      {count !== undefined && <span className="nav-count">{count}</span>}
    </NavLink>
  );
}
