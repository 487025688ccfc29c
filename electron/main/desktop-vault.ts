/* eslint-disable @typescript-eslint/no-deprecated -- the asynchronous calls came after Electron 33, which has to work too */
import { safeStorage } from 'electron';
import type { EngineOptions } from '@longshore/engine';

type Vault = NonNullable<EngineOptions['vault']>;

/** Chromium's stand-in where the desktop has no keyring: a key that everybody knows. */
const NO_KEYRING = 'basic_text';

/**
 * Seals registry passwords with the desktop's keyring. Undefined where there is none: then they are in files that only
 * this user can read, as the engine keeps them without a desktop. Electron has to be ready.
 */
export function desktopVault(): Vault | undefined {
  if (!safeStorage.isEncryptionAvailable()) return undefined;
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === NO_KEYRING)
    return undefined;
  return {
    kind: 'desktop',
    seal: async (text) => Promise.resolve(safeStorage.encryptString(text).toString('base64')),
    open: async (sealed) => Promise.resolve(safeStorage.decryptString(Buffer.from(sealed, 'base64'))),
  };
}
