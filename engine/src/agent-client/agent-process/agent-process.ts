import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import { EngineError, isEngineError, toEngineError, toWire } from '../../errors/index.ts';
import type { AgentState } from '../../types/index.ts';
import type { Gate } from '../gate.ts';
import type { HelloResponse } from '../generated/longshore/agent/v1/system.ts';

export const AGENT_SOCKET = 'agent.sock';

const FIRST_BACK_OFF_MS = 100;
const LAST_BACK_OFF_MS = 10_000;
