import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import type { en } from './en/index.ts';

export type MessageId = keyof typeof en;
export type MessageValues = Readonly<Record<string, string | number>>;

/** Words from the catalogue, in the person's language. */
export type Text = (id: MessageId, values?: MessageValues) => string;

export function useText(): Text {
  const intl = useIntl();
  return useMemo(() => (id, values) => intl.formatMessage({ id }, values), [intl]);
}
