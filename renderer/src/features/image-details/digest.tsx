import { shortId } from '../../lib/image-reference.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

interface DigestProps {
  readonly digest: string;
  /** Names the copy button. */
  readonly label: string;
}

/** A digest as people read it: its first digits, the whole on pointing at it and when it is copied. */
export function Digest({ digest, label }: DigestProps) {
  return (
    <span className="digest mono" title={digest}>
      {shortId(digest)}
      <CopyButton text={digest} label={label} />
    </span>
  );
}
