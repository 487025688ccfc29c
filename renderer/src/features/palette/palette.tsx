import { Command } from 'cmdk';
import { useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { usePreferences } from '../../lib/preferences.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { useModal } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/field.tsx';
import { Icon, StateShape } from '../../ui/icon.tsx';
import { useContainerActions } from '../containers/actions.ts';
import { useContainers } from '../containers/queries.ts';
import { useImages } from '../images/queries.ts';
import { useNetworks } from '../networks/queries.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { useVolumes } from '../volumes/queries.ts';
import { commandItems } from './command-items.ts';
import {
  containerActionItems,
  containerItems,
  imageActionItems,
  imageItems,
  networkItems,
  volumeItems,
} from './object-items.ts';
import type { PaletteContext, PaletteItem } from './palette-item.ts';
import './palette.css';

const MOST_IN_GROUP = 8;

/** Everything by name: containers, what can be done to them, images, volumes, networks, commands. */
export default function Palette() {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const [search, setSearch] = useState('');
  const groups = useGroups(search);
  useModal(dialog);
  const run = (item: PaletteItem) => {
    closeOverlay();
    item.run();
  };
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label={t('palette.title')}
      onCancel={(event) => {
        event.preventDefault();
        closeOverlay();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) closeOverlay();
      }}
    >
      <Command label={t('palette.title')} shouldFilter={false} loop>
        <div className="palette-query">
          <Icon name="search" />
          <Command.Input
            data-autofocus
            value={search}
            onValueChange={setSearch}
            placeholder={t('palette.open')}
            aria-label={t('palette.open')}
          />
          <Kbd>Esc</Kbd>
        </div>
        <Command.List className="palette-list" label={t('palette.results')}>
          <Command.Empty className="palette-empty">{t('list.noneMatch', { search })}</Command.Empty>
          {groups.map(({ heading, items }) => (
            <Command.Group key={heading} heading={heading}>
              {items.map((item) => (
                <Command.Item
                  key={item.id}
                  value={item.id}
                  className="palette-item"
                  onSelect={() => run(item)}
                >
                  <Entry item={item} search={search} />
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
      <footer className="palette-foot">
        <span>
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd>
          {t('palette.choose')}
        </span>
        <span>
          <Kbd>Enter</Kbd>
          {t('palette.enter')}
        </span>
      </footer>
    </dialog>
  );
}

interface Group {
  readonly heading: string;
  readonly items: readonly PaletteItem[];
}

function useGroups(search: string): readonly Group[] {
  const t = useText();
  const navigate = useNavigate();
  const actions = useContainerActions();
  const format = useFormat();
  const setTheme = usePreferences((preferences) => preferences.setTheme);
  const containers = useContainers().data;
  const images = useImages().data;
  const volumes = useVolumes().data;
  const networks = useNetworks().data;
  return useMemo(() => {
    const context: PaletteContext = { t, navigate, actions, setTheme, size: (bytes) => format.bytes(bytes) };
    const groups: Group[] = [
      { heading: t('containers.title'), items: containerItems(containers ?? [], context) },
      {
        heading: t('palette.actions'),
        items: [
          ...commandItems(context),
          ...(search === ''
            ? []
            : [
                ...containerActionItems(containers ?? [], context),
                ...imageActionItems(images ?? [], context),
              ]),
        ],
      },
      { heading: t('images.title'), items: imageItems(images ?? [], context) },
      { heading: t('volumes.title'), items: volumeItems(volumes ?? [], context) },
      { heading: t('networks.title'), items: networkItems(networks ?? [], context) },
    ];
    return groups
      .map(({ heading, items }) => ({
        heading,
        items: bestFirst(items, search).slice(0, MOST_IN_GROUP),
      }))
      .filter((group) => group.items.length > 0);
  }, [t, navigate, actions, setTheme, format, containers, images, volumes, networks, search]);
}

/** What has the words in its own name comes before what has them beside it. */
function bestFirst(items: readonly PaletteItem[], search: string): readonly PaletteItem[] {
  const named = (item: PaletteItem) => Number(item.label.toLowerCase().includes(search.toLowerCase()));
  return items.filter((item) => matches(item, search)).sort((a, b) => named(b) - named(a));
}

function matches(item: PaletteItem, search: string): boolean {
  const haystack = `${item.label} ${item.context}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

function Entry({ item, search }: { readonly item: PaletteItem; readonly search: string }) {
  const { mark } = item;
  return (
    <>
      <span className="palette-mark">
        {mark.kind === 'icon' ? (
          <Icon name={mark.icon} />
        ) : (
          <StateShape shape={mark.shape} tone={mark.tone} />
        )}
      </span>
      <span className="palette-label">
        <Strong text={item.label} search={search} />
      </span>
      <span className="palette-context ellipsis">{item.context}</span>
      {item.end !== undefined && <span className="palette-end">{item.end}</span>}
    </>
  );
}

function Strong({ text, search }: { readonly text: string; readonly search: string }) {
  const at = search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <b>{text.slice(at, at + search.length)}</b>
      {text.slice(at + search.length)}
    </>
  );
}
