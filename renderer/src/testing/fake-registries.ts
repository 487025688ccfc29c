import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { RegistrySignIn } from '@longshore/engine/types';

/** Any registry accepts any password but `wrong`. */
export function fakeRegistries(): EngineHandlers['registries'] {
  const signIns = new Map<string, RegistrySignIn>();
  return {
    list: () => Promise.resolve([...signIns.values()]),
    signIn: async ({ registry, username, password }) => {
      await Promise.resolve();
      if (password === 'wrong') {
        throw new EngineError('unauthenticated', `${registry} does not accept this user name and password.`, {
          hint: 'Sign in again; many registries want an access token instead of the password.',
        });
      }
      const signIn: RegistrySignIn = { registry, username, source: 'longshore' };
      signIns.set(registry, signIn);
      return signIn;
    },
    signOut: async ({ registry }) => {
      await Promise.resolve();
      if (!signIns.delete(registry)) {
        throw new EngineError('not-found', `You are not signed in to ${registry}.`);
      }
      return { registry };
    },
    search: ({ term }) =>
      Promise.resolve([{ name: term, description: 'What was searched for', stars: 1204, official: true }]),
    tags: () => Promise.resolve(['latest', '1.0']),
  };
}
