import { statSync } from 'node:fs';
import path from 'node:path';
import { capture } from './run.mjs';

const SETUID_ROOT = 0o4755;

/**
 * The command that lets Chromium confine its processes here; undefined when it can already. It needs either user
 * namespaces, which Ubuntu 24.04's AppArmor keeps from programs that it does not know, or its helper setuid root.
 * @param {string} runtime Electron's folder.
 * @returns {string | undefined}
 */
export function sandboxCommand(runtime) {
  if (process.platform !== 'linux' || mapsUsers()) return undefined;
  const helper = path.join(runtime, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o7777) === SETUID_ROOT) return undefined;
  return `sudo chown root:root ${helper} && sudo chmod 4755 ${helper}`;
}

/** A new namespace alone may be allowed and yet be of no use: Chromium writes its user map as well. */
function mapsUsers() {
  return capture('unshare', ['--user', '--map-root-user', 'true']) !== undefined;
}
