/** Command lines that do what the window's buttons do. */
export const commands = {
  'command.program': 'Program',
  'command.none': '{program} has no command for this.',
  'command.copyDocker': 'Copy as docker command',
  'command.missing.users': 'docker has no flag for user ids of its own: its daemon has a setting for that.',
  'command.missing.insecure':
    'docker has no flag for an unencrypted registry: it belongs under insecure-registries in its daemon’s settings. Longshore has it under Settings as well.',
  'command.missing.trash':
    'docker deletes volumes for good: only the window and longshore keep them in the trash.',
} as const;
