import { AgentClient } from '../agent-client/index.ts';
import { systemClock } from '../clock.ts';
import type { Disposals } from '../disposals.ts';
import { VERSION } from '../version.ts';
import type { ConnectedAgent, EngineOptions } from './options.ts';

/** The agent's program, found running or started once something is asked of it. */
export function connectAgent(
  { agent, dataDir, runDir }: EngineOptions,
  disposals: Disposals,
): ConnectedAgent {
  if (!('binary' in agent)) return agent;
  const options = { binary: agent.binary, dataDir, runDir, version: VERSION, clock: systemClock };
  const client = disposals.add(new AgentClient(options));
  const { runtime, files, networks: networkHost, volumes: volumeStore, snapshotter, builds } = client;
  return { agent: client, runtime, files, networkHost, volumeStore, snapshotter, buildHost: builds };
}
