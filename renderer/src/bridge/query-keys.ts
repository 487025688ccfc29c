/** Names of what the page knows of the engine's state. A longer key is a part of the shorter one. */
export const queryKeys = {
  containers: ['containers'] as const,
  containerList: ['containers', 'list'] as const,
  container: (id: string) => ['containers', 'details', id] as const,
  processes: (id: string) => ['processes', id] as const,
  changes: (id: string) => ['changes', id] as const,
  images: ['images'] as const,
  imageList: ['images', 'list'] as const,
  image: (id: string) => ['images', 'details', id] as const,
  layerSharing: (id: string) => ['images', 'sharing', id] as const,
  starters: ['images', 'starters'] as const,
  networks: ['networks'] as const,
  networkList: ['networks', 'list'] as const,
  network: (id: string) => ['networks', 'details', id] as const,
  volumes: ['volumes'] as const,
  volumeList: ['volumes', 'list'] as const,
  volume: (name: string) => ['volumes', 'details', name] as const,
  trash: ['volumes', 'trash'] as const,
  /** Not a part of the volumes: what is measured costs a walk over all files. */
  volumeSizes: ['volume-sizes'] as const,
  /** Of a container or a volume, one folder. */
  folder: (owner: readonly string[], path: string) => ['files', ...owner, path] as const,
  files: (owner: readonly string[]) => ['files', ...owner] as const,
  info: ['system', 'info'] as const,
  usage: ['system', 'usage'] as const,
  tasks: ['system', 'tasks'] as const,
};
