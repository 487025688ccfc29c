/**
 * Sentences of the engine that Docker has other words for, which scripts and people look for. What is not here is told
 * in the engine's own.
 */
const WORDS: readonly (readonly [ours: RegExp, dockers: string])[] = [
  [/^resources\.memoryBytes: .*$/, 'Minimum memory limit allowed is 6MB'],
  [/^There is no capability "(?:CAP_)?(.*)"\.$/, 'invalid capability: unknown capability: "CAP_$1"'],
  [
    /^There is no device (.*) on this machine\.$/,
    'error gathering device information while adding custom device "$1": no such file or directory',
  ],
  [
    /^unable to find (user|group) (.*): no matching entries in \/etc\/(\w+)$/,
    'unable to find $1 $2: no matching entries in $3 file',
  ],
  [
    /^working directory (.*) does not exist$/,
    'unable to start container process: chdir to cwd ("$1") set in config.json failed: no such file or directory',
  ],
  [
    /^A container that is removed when it exits .*$/,
    "can't create 'AutoRemove' container with restart policy",
  ],
  [
    /^(.+) cannot be removed: the container (.+) was made from it\.$/,
    'conflict: unable to remove repository reference "$1" (must force) - container $2 is using its referenced image',
  ],
  [
    /^The folder to mount does not exist: (.*)$/,
    'invalid mount config for type "bind": bind source path does not exist: $1',
  ],
  [
    /^the host's port (\d+)\/\w+ on (\S+) is taken by .*$/,
    'failed to set up container networking: driver failed programming external connectivity: Bind for $2:$1 failed: port is already allocated',
  ],
  [/^subnets: .* overlaps with .*$/, 'Pool overlaps with other one on this address space'],
  [/^Container (.*) is not on the network (.*)\.$/, 'container $1 is not connected to network $2'],
];

/** Undefined where Docker's words are the engine's. */
export function dockerWords(message: string): string | undefined {
  const found = WORDS.find(([ours]) => ours.test(message));
  return found && message.replace(found[0], found[1]);
}
