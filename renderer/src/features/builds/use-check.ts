import { useState } from 'react';
import type { BuildCheck } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';
import { type BuildForm, buildRequestOf } from './build-form.ts';

export interface Check {
  readonly check: BuildCheck | undefined;
  readonly checking: boolean;
  readonly runCheck: (form: BuildForm) => Promise<void>;
  readonly forget: () => void;
}

/** Checks a Dockerfile on demand; what it said is forgotten when something is asked anew. */
export function useCheck(): Check {
  const engine = useEngine();
  const [check, setCheck] = useState<BuildCheck | undefined>();
  const [checking, setChecking] = useState(false);
  const runCheck = async (form: BuildForm) => {
    setChecking(true);
    try {
      const call = engine.builds.check(buildRequestOf(form));
      call.end();
      for await (const answer of call) setCheck(answer);
    } catch (thrown) {
      reportError(thrown);
    }
    setChecking(false);
  };
  return { check, checking, runCheck, forget: () => setCheck(undefined) };
}
