export const IMAGE_TABS = ['overview', 'layers', 'files', 'used-by', 'inspect'] as const;
export type ImageTab = (typeof IMAGE_TABS)[number];

export function isImageTab(value: string | undefined): value is ImageTab {
  return IMAGE_TABS.some((tab) => tab === value);
}
