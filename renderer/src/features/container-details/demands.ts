import type { ContainerSpec } from '@longshore/engine/types';

const CAPABILITY = /\bCAP_[A-Z_]+\b/g;

/**
 * Whether a note of the agent is about something that a person asked for. What is missing of the usual rights, on a
 * host that lacks them itself, is worth a word and no alarm.
 */
export function isDemanded(note: string, { privileged, capAdd }: ContainerSpec): boolean {
  const missing = note.match(CAPABILITY);
  if (missing === null || privileged) return true;
  const asked = new Set(capAdd.map((name) => name.toUpperCase().replace(/^CAP_/, '')));
  return asked.has('ALL') || missing.some((name) => asked.has(name.slice('CAP_'.length)));
}
