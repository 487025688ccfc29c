import { existsSync } from 'node:fs';
import path from 'node:path';
import { EngineError } from '../errors/index.ts';

/** The program is one bundled file, engine/dist/longshore.js; the other parts stand around it. */
const here = import.meta.dirname;

/** In a checkout, then as installed beside the program; LONGSHORE_AGENT names another. */
export function agentBinary(): string {
  const named = process.env['LONGSHORE_AGENT'];
  if (named !== undefined) return named;
  return firstOf('the agent', [
    path.join(here, '../../native/target/longshore-agent'),
    path.join(here, 'longshore-agent'),
  ]);
}

export function rendererDir(): string {
  return firstOf('the dashboard', [path.join(here, '../../renderer/dist'), path.join(here, 'renderer')]);
}

function firstOf(what: string, candidates: readonly string[]): string {
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new EngineError('failed-precondition', `This Longshore has not been built: ${what} is missing.`, {
    hint: 'In a checkout: npm run build',
    detail: { path: candidates[0] ?? '' },
  });
}
