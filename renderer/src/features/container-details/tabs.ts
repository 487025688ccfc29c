export const DETAIL_TABS = [
  'overview',
  'logs',
  'terminal',
  'files',
  'stats',
  'processes',
  'changes',
  'events',
  'inspect',
] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

export function isDetailTab(value: string | undefined): value is DetailTab {
  return DETAIL_TABS.some((tab) => tab === value);
}
