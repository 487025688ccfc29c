export const details = {
  'tab.overview': 'Overview',
  'tab.logs': 'Logs',
  'tab.terminal': 'Terminal',
  'tab.layers': 'Layers',
  'tab.used-by': 'Used by',
  'tab.inspect': 'Inspect',
  'details.copyAll': 'Copy all',
  'secrets.reveal': 'Show secrets',
  'secrets.hide': 'Hide secrets',
  'secrets.copyMasked': 'Copy, secrets masked',
} as const;
