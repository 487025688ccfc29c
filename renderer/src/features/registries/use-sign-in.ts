import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export interface SignInRequest {
  readonly registry: string;
  readonly username: string;
  readonly password: string;
  readonly insecure: boolean;
}

export interface SigningIn {
  readonly busy: boolean;
  readonly error: unknown;
  /** True when the registry has accepted it; then it is kept. */
  readonly signIn: (request: SignInRequest) => Promise<boolean>;
}

export function useSignIn(): SigningIn {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const signIn = async (request: SignInRequest): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    try {
      await engine.registries.signIn(request);
      await queries.invalidateQueries({ queryKey: queryKeys.signIns });
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, signIn };
}
