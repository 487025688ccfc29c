/** Only what a person's browser is for; the desktop's main process checks once more. */
export function openExternal(url: string): void {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return;
  if (window.longshore !== undefined) window.longshore.openExternal(parsed.href);
  else window.open(parsed.href, '_blank', 'noopener,noreferrer');
}
