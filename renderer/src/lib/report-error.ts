import { isEngineError } from '@longshore/engine/errors';
import { useToasts } from '../ui/toast-store.ts';
import { describeError } from './describe-error.ts';

interface ReportOptions {
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Tells the person of a failure that no part of the page shows in place. What was cancelled is no failure. */
export function reportError(thrown: unknown, options: ReportOptions = {}): void {
  if (isEngineError(thrown, 'cancelled')) return;
  useToasts.getState().show({ tone: 'bad', ...describeError(thrown), ...options });
}
