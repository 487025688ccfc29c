import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { busyboxImage, layerOf } from '../../fixtures/images.ts';

/** What the commands of the tour find in their folder. */
export async function writeTourFiles(folder: string): Promise<void> {
  const [busybox = Buffer.alloc(0)] = (await busyboxImage()).layers;
  await writeFile(path.join(folder, 'busybox.tar'), gunzipSync(busybox));
  await writeFile(path.join(folder, 'crew.env'), '# who is aboard\nCAPTAIN=Ahab\nMATE=Starbuck\n');
  await writeFile(path.join(folder, 'labels'), 'deck=lower\n');
  await mkdir(path.join(folder, 'cargo/crates'), { recursive: true });
  await writeFile(path.join(folder, 'cargo/manifest'), 'twelve bales\n');
  await writeFile(path.join(folder, 'cargo/crates/rum'), 'rum\n');
  const extra = await layerOf((root) => writeFile(path.join(root, 'greeting'), 'ahoy\n'));
  await writeFile(path.join(folder, 'greeting.tar.gz'), extra);
}
