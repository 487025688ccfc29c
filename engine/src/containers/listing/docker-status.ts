import type { Container } from '../container.ts';

type DockerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited';

/** The one of Docker's states that an operation under way happens in: to Docker, what is stopping is running. */
export function dockerStatus(container: Container): DockerStatus {
  const { status } = container;
  switch (status) {
    case 'starting':
      return container.startedAt === null ? 'created' : 'exited';
    case 'stopping':
      return container.paused ? 'paused' : 'running';
    case 'created':
    case 'running':
    case 'paused':
    case 'restarting':
    case 'removing':
    case 'exited':
      return status;
  }
}
