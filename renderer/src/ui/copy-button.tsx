import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { useText } from '../messages/use-text.ts';
import { IconButton } from './button.tsx';

interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label: string;
  readonly small?: boolean;
  readonly tabIndex?: number;
}

const SAID_MS = 1500;

/** Says for a moment whether it copied. */
export function CopyButton({ text, label, small = true, tabIndex }: CopyButtonProps) {
  const t = useText();
  const [result, setResult] = useState<'copied' | 'refused' | undefined>();
  useEffect(() => {
    if (result === undefined) return undefined;
    const timer = setTimeout(() => setResult(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    const done = await copyText(typeof text === 'string' ? text : text());
    setResult(done ? 'copied' : 'refused');
  };
  return (
    <IconButton
      icon={result === undefined ? 'copy' : result === 'copied' ? 'check' : 'alert'}
      label={result === undefined ? label : t(result === 'copied' ? 'ui.copied' : 'ui.copyRefused')}
      small={small}
      tabIndex={tabIndex}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    />
  );
}
