const INSTEAD = 'docs/docker-compatibility.md says what there is.';

/** docker's flags and verbs that Longshore does not have yet, and what helps meanwhile. */
const NOT_YET: Readonly<Record<string, string>> = {
  ...named(['--filter'], 'Only the verbs that list or prune have filters yet.'),
  ...named(
    ['-f', '--format'],
    'Only the verbs that list, `stats` and `inspect` have templates yet; elsewhere it is table or json.',
  ),
  ...named(
    [
      ...['--ingress', '--config-only', '--config-from', '--cluster', '--availability', '--group', '--scope'],
      ...['--limit-bytes', '--required-bytes', '--secret', '--sharing', '--topology-preferred'],
      ...['--topology-required'],
    ],
    'That is of a swarm: Longshore’s networks and volumes are those of one machine.',
  ),
  ...named(
    [
      ...['--gpus', '--runtime', '--link-local-ip'],
      ...['--cidfile', '--label-file', 'buildx', 'compose'],
      ...['context', 'prune'],
      ...['search', 'system'],
    ],
    `Longshore does not have that yet; ${INSTEAD}`,
  ),
};

function named(names: readonly string[], reason: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}

const UNKNOWN = /unknown (?:option|command) '([^'=]+)/;
const NO_CHOICE = /option '(?:-\w, )?(--format) /;

/** What commander says of a word that it does not know, with the reason where docker knows the word. */
export function withReason(text: string): string {
  const name = (UNKNOWN.exec(text) ?? NO_CHOICE.exec(text))?.[1];
  const reason = name === undefined ? undefined : NOT_YET[name];
  return reason === undefined ? text : `${text.trimEnd()}\n  ${reason}\n`;
}
