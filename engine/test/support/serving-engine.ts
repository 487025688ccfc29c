import { listenOnEngineSocket } from '../../src/host/door/engine-socket.ts';
import { createEngine } from '../../src/index.ts';

/**
 * A program of its own, which a test can kill: an engine on its socket. Says "ready" once it listens. Arguments: data
 * folder, run folder, agent.
 */
const [dataDir = '', runDir = '', binary = ''] = process.argv.slice(2);
const engine = await createEngine({ dataDir, runDir, agent: { binary } });
await listenOnEngineSocket(engine.handlers, runDir, {});
process.stdout.write('ready\n');
