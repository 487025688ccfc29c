import { Link, useLocation, useNavigate, useParams } from 'react-router';
import type { WindowControls } from '../bridge/index.ts';
import { useContainers } from '../features/containers/queries.ts';
import { displayName } from '../features/containers/container-list.ts';
import { imageName } from '../features/images/image-list.ts';
import { useBuilds } from '../features/builds/queries.ts';
import { useNetworks } from '../features/networks/queries.ts';
import { useVolumes } from '../features/volumes/queries.ts';
import { shownName } from '../features/volumes/volume-list.ts';
import { useImages } from '../features/images/queries.ts';
import { openOverlay } from '../features/overlays/overlay-store.ts';
import { shortId } from '../lib/image-reference.ts';
import { type Theme, usePreferences } from '../lib/preferences.ts';
import { useText } from '../messages/use-text.ts';
import { IconButton } from '../ui/button.tsx';
import { Kbd } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { BrandMark } from './brand-mark.tsx';

export function TitleBar() {
  const t = useText();
  const navigate = useNavigate();
  const controls = window.longshore?.windowControls;
  return (
    <header className="titlebar">
      <div className="brand">
        <BrandMark />
        <span>Longshore</span>
      </div>
      <div className="titlebar-history">
        <IconButton icon="back" label={t('nav.back')} onClick={() => void navigate(-1)} />
        <IconButton icon="forward" label={t('nav.forward')} onClick={() => void navigate(1)} />
      </div>
      <Breadcrumb />
      <button type="button" className="omni" onClick={() => openOverlay({ kind: 'palette' })}>
        <Icon name="search" />
        <span className="omni-text">{t('palette.open')}</span>
        <Kbd>{t('palette.key')}</Kbd>
      </button>
      <div className="titlebar-end">
        <ThemeMenu />
        {controls !== undefined && <Controls controls={controls} />}
      </div>
    </header>
  );
}

const LISTS = ['containers', 'images', 'volumes', 'networks', 'builds'] as const;
type List = (typeof LISTS)[number];
/** Those that have no pages below them. */
const PAGES = ['disk', 'events', 'settings'] as const;

function Breadcrumb() {
  const t = useText();
  const { pathname } = useLocation();
  const { id, name } = useParams();
  const page = PAGES.find((each) => pathname === `/${each}` || pathname.startsWith(`/${each}/`));
  const list = LISTS.find((each) => pathname.startsWith(`/${each}`)) ?? 'containers';
  const last =
    pathname === '/networks/map' ? (
      t('map.title')
    ) : pathname === '/volumes/trash' ? (
      t('trash.title')
    ) : id === undefined && name === undefined ? undefined : (
      <LastCrumb list={list} id={id ?? name ?? ''} />
    );
  return (
    <nav className="crumbs" aria-label={t('nav.breadcrumb')}>
      {page !== undefined || last === undefined ? (
        <b>{t(`${page ?? list}.title`)}</b>
      ) : (
        <>
          <Link to={`/${list}`}>{t(`${list}.title`)}</Link>
          <Icon name="chevron-right" />
          <b className="ellipsis">{last}</b>
        </>
      )}
    </nav>
  );
}

function LastCrumb({ list, id }: CrumbProps & { readonly list: List }) {
  switch (list) {
    case 'containers':
      return <ContainerCrumb id={id} />;
    case 'images':
      return <ImageCrumb id={id} />;
    case 'volumes':
      return <VolumeCrumb id={id} />;
    case 'networks':
      return <NetworkCrumb id={id} />;
    case 'builds':
      return <BuildCrumb id={id} />;
  }
}

interface CrumbProps {
  readonly id: string;
}

function ContainerCrumb({ id }: CrumbProps) {
  const containers = useContainers();
  const container = containers.data?.find((each) => each.id === id);
  return container === undefined ? shortId(id) : displayName(container);
}

function ImageCrumb({ id }: CrumbProps) {
  const images = useImages();
  const image = images.data?.find((each) => each.id === `sha256:${id}`);
  return image === undefined ? shortId(id) : imageName(image);
}

function VolumeCrumb({ id }: CrumbProps) {
  const volume = useVolumes().data?.find(({ name }) => name === id);
  return volume === undefined ? id : shownName(volume);
}

function NetworkCrumb({ id }: CrumbProps) {
  const network = useNetworks().data?.find((each) => each.id === id);
  return network === undefined ? shortId(id) : network.name;
}

function BuildCrumb({ id }: CrumbProps) {
  const build = useBuilds().data?.find((each) => each.id === id);
  return build === undefined ? shortId(id) : build.name;
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function ThemeMenu() {
  const t = useText();
  const { theme, setTheme } = usePreferences();
  return (
    <Menu
      trigger={<IconButton icon="theme" label={t('theme.title')} />}
      entries={THEMES.map((value) => ({
        kind: 'toggle',
        label: t(`theme.${value}`),
        checked: theme === value,
        onSelect: () => setTheme(value),
      }))}
    />
  );
}

function Controls({ controls }: { readonly controls: WindowControls }) {
  const t = useText();
  return (
    <div className="window-controls">
      <button type="button" aria-label={t('window.minimize')} onClick={() => controls.minimize()}>
        <Icon name="minimize" />
      </button>
      <button type="button" aria-label={t('window.maximize')} onClick={() => controls.toggleMaximize()}>
        <Icon name="maximize" />
      </button>
      <button type="button" aria-label={t('window.close')} onClick={() => controls.close()}>
        <Icon name="close" />
      </button>
    </div>
  );
}
