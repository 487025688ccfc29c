import { connect } from 'node:net';
import { errnoOf } from '../../metadata/index.ts';

/** Whether somebody listens on a unix socket: `closed` to us when it belongs to another user. */
export function probeSocket(path: string): Promise<'listening' | 'nobody' | 'closed'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('listening');
    });
    socket.once('error', (error) => resolve(errnoOf(error) === 'EACCES' ? 'closed' : 'nobody'));
  });
}
