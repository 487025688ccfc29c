import { CopyButton } from './copy-button.tsx';
import './copy-line.css';

interface CopyLineProps {
  readonly text: string;
  readonly label: string;
}

/** One line of a terminal, to copy. */
export function CopyLine({ text, label }: CopyLineProps) {
  return (
    <div className="copy-line">
      <code className="mono">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
