import type { EngineHandlers } from '../../../contract/index.ts';
import { fromWire } from '../../../errors/index.ts';
import type { AgentState } from '../../../types/index.ts';
import type { CommandContext } from '../context.ts';
import { errorLines } from './print-error.ts';

/**
 * Says to the person at the terminal that the engine has no agent, why, and what to do; and when it has one again.
 * Says it once per change, until the context's signal fires.
 */
export async function reportAgent(
  { events, system }: Pick<EngineHandlers, 'events' | 'system'>,
  context: Pick<CommandContext, 'say' | 'signal'>,
): Promise<void> {
  const { signal } = context;
  let said: AgentState['status'] = 'running';
  const look = async () => {
    const { agent } = await system.info({}, { signal });
    if (agent.status === 'starting' || agent.status === said) return;
    said = agent.status;
    if (agent.status === 'running') context.say('The agent runs; so can containers.');
    else for (const line of errorLines(fromWire(agent.error))) context.say(line);
  };
  // Watched before the first look, so that no change falls in between.
  const changes = events.watch({ types: ['engine'] }, { signal });
  await look();
  try {
    for await (const change of changes) if (change.type === 'engine') await look();
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
