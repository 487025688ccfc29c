import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { RegistrySettings, RegistrySignIn, RemoteManifest } from '@longshore/engine/types';
import type { FakeWorld } from './fake-world.ts';

/** Any registry accepts any password but `wrong`. */
export function fakeRegistries({ signIns }: Pick<FakeWorld, 'signIns'>): EngineHandlers['registries'] {
  let settings: RegistrySettings = {
    downloads: { concurrency: 4, bytesPerSecond: null },
    proxy: null,
    registries: [{ registry: 'docker.io', mirrors: ['mirror.harbour.example'], insecure: false }],
  };
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
    catalog: () => Promise.resolve(['harbour/pilot', 'harbour/tug']),
    tags: () => Promise.resolve(['latest', '1.0']),
    manifest: ({ reference }) => Promise.resolve(fakeManifest(reference)),
    referrers: () => Promise.resolve([]),
    deleteManifest: () => Promise.resolve({ digest: `sha256:${'1f'.repeat(32)}` }),
    settings: () => Promise.resolve(settings),
    saveSettings: (saved) => {
      settings = saved;
      return Promise.resolve(settings);
    },
  };
}

function fakeManifest(reference: string): RemoteManifest {
  const digest = `sha256:${'1f'.repeat(32)}`;
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const platforms = ['amd64', 'arm64'].map((architecture) => {
    return { platform: { os: 'linux', architecture }, digest, sizeBytes: 1024 };
  });
  const document = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] });
  return {
    reference: `${reference}@${digest}`,
    digest,
    mediaType,
    sizeBytes: document.length,
    kind: 'index',
    platforms,
    document,
  };
}
