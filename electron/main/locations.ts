import { app } from 'electron';
import path from 'node:path';

/** Where the app's own files are: beside each other in a checkout, in the resources folder when packaged. */
export interface Locations {
  readonly rendererDir: string;
  readonly preload: string;
  readonly agentBinary: string;
}

export function findLocations(): Locations {
  const preload = path.join(app.getAppPath(), 'dist/preload/index.cjs');
  if (app.isPackaged) {
    return {
      preload,
      rendererDir: path.join(process.resourcesPath, 'renderer'),
      agentBinary: path.join(process.resourcesPath, 'longshore-agent'),
    };
  }
  const checkout = path.dirname(app.getAppPath());
  return {
    preload,
    rendererDir: path.join(checkout, 'renderer/dist'),
    agentBinary: path.join(checkout, 'native/target/longshore-agent'),
  };
}
