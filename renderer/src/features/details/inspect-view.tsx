import { useMemo, useRef, useState } from 'react';
import { useSlashKey } from '../../lib/use-slash-key.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { childrenOf, contains, type Json, masked } from './json-tree.ts';
import { TreeNode } from './tree-node.tsx';

type Shape = 'tree' | 'json';
const SHAPES: readonly Shape[] = ['tree', 'json'];

/** All that the engine knows of an object, as it gives it: plain data, which JSON can say wholly. */
export default function InspectView({ value: object }: { readonly value: object }) {
  const t = useText();
  const field = useRef<HTMLInputElement>(null);
  const [shape, setShape] = useState<Shape>('tree');
  const [search, setSearch] = useState('');
  const [revealed, setRevealed] = useState(false);
  useSlashKey(field);
  const value = useMemo(() => {
    const json = JSON.parse(JSON.stringify(object)) as Json;
    return revealed ? json : masked(json);
  }, [object, revealed]);
  const text = useMemo(() => JSON.stringify(value, undefined, 2), [value]);
  const shown = childrenOf(value).filter(([name, child]) => search === '' || contains(name, child, search));
  return (
    <div className="inspect">
      <div className="toolbar">
        <SearchField
          ref={field}
          value={search}
          label={t('inspect.search')}
          shortcut="/"
          onChange={setSearch}
        />
        <Segmented
          label={t('inspect.shape')}
          value={shape}
          onChange={setShape}
          options={SHAPES.map((each) => ({ value: each, label: t(`inspect.${each}`) }))}
        />
        <span className="grow" />
        <Button variant="quiet" icon="eye" pressed={revealed} onClick={() => setRevealed(!revealed)}>
          {t('inspect.secrets')}
        </Button>
        <CopyButton small={false} text={text} label={t('inspect.copyAll')} />
      </div>
      <div className="inspect-body mono" tabIndex={0} role="region" aria-label={t('tab.inspect')}>
        {shape === 'json' ? (
          <pre className="inspect-json">{linesWith(text, search)}</pre>
        ) : shown.length === 0 ? (
          <p className="text-3">{t('list.noneMatch', { search })}</p>
        ) : (
          <ul role="tree" aria-label={t('tab.inspect')}>
            {shown.map(([name, child]) => (
              <TreeNode key={name} name={name} value={child} path={[name]} search={search} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** The whole text, or of it the lines that have the search in them. */
function linesWith(text: string, search: string): string {
  if (search === '') return text;
  const needle = search.toLowerCase();
  return text
    .split('\n')
    .filter((line) => line.toLowerCase().includes(needle))
    .join('\n');
}
