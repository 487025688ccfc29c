export const inspect = {
  'inspect.search': 'Find in names and values',
  'inspect.shape': 'View',
  'inspect.tree': 'Tree',
  'inspect.json': 'JSON',
  'inspect.secrets': 'Secrets',
  'inspect.copyAll': 'Copy all as JSON',
  'inspect.copyValue': 'Copy value',
  'inspect.copyPath': 'Copy path',
  'inspect.expand': 'Open {name}',
  'inspect.collapse': 'Close {name}',
} as const;
