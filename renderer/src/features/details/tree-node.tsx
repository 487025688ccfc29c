import { useState } from 'react';
import { useText } from '../../messages/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { childrenOf, contains, isBranch, isList, type Json, pathOf } from './json-tree.ts';

interface TreeNodeProps {
  readonly name: string;
  readonly value: Json;
  readonly path: readonly string[];
  readonly search: string;
}

const OPEN_DEPTH = 2;

export function TreeNode({ name, value, path, search }: TreeNodeProps) {
  const t = useText();
  const [toggled, setToggled] = useState<boolean | undefined>();
  const branch = isBranch(value);
  const children = childrenOf(value);
  const open = toggled ?? (search !== '' || path.length < OPEN_DEPTH);
  const copied = branch ? JSON.stringify(value, undefined, 2) : String(value);
  return (
    <li role="treeitem" aria-expanded={branch ? open : undefined} aria-selected={false}>
      <div className="tree-row">
        {branch && children.length > 0 ? (
          <button
            type="button"
            className="tree-toggle"
            aria-label={t(open ? 'inspect.collapse' : 'inspect.expand', { name })}
            onClick={() => setToggled(!open)}
          >
            <Icon name={open ? 'chevron-down' : 'chevron-right'} small />
          </button>
        ) : (
          <span className="tree-toggle" />
        )}
        <span className="tree-name">
          <Marked text={name} search={search} />
        </span>
        {branch ? (
          <span className="text-3">{summary(value, children.length)}</span>
        ) : (
          <span className={`tree-value tree-${value === null ? 'null' : typeof value}`}>
            <Marked text={JSON.stringify(value)} search={search} />
          </span>
        )}
        <CopyButton text={copied} label={t('inspect.copyValue')} />
        <CopyButton text={pathOf(path)} label={t('inspect.copyPath')} />
      </div>
      {branch && open && children.length > 0 && (
        <ul role="group" className="tree-children">
          {children
            .filter(([key, child]) => search === '' || hit(name, search) || contains(key, child, search))
            .map(([key, child]) => (
              <TreeNode key={key} name={key} value={child} path={[...path, key]} search={search} />
            ))}
        </ul>
      )}
    </li>
  );
}

function hit(text: string, search: string): boolean {
  return text.toLowerCase().includes(search.toLowerCase());
}

function summary(value: Json, count: number): string {
  return isList(value) ? `[${count}]` : `{${count}}`;
}

function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  const at = search === '' ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="tree-match">{text.slice(at, at + search.length)}</mark>
      {text.slice(at + search.length)}
    </>
  );
}
