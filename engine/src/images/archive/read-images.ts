import { EngineError } from '../../errors/index.ts';
import { type ArchivedImage, mergeImages } from './archived-image.ts';
import { badArchive, noImages } from './problems.ts';
import { dockerConfigs, readDockerArchive } from './read-docker-archive.ts';
import { layoutConfigs, readLayout, type ReadOptions } from './read-layout.ts';
import type { ReceivedFile, ReceivedFiles } from './received-files.ts';

/**
 * The images of an archive that has been received whole. An archive may be both an OCI image layout and a Docker archive:
 * then the layout counts, whose manifests are those of registries, and the other must not speak of other images.
 */
export async function readImages(
  files: ReceivedFiles,
  options: ReadOptions,
): Promise<readonly ArchivedImage[]> {
  const index = files.find('oci-layout') === null ? null : files.find('index.json');
  const docker = files.find('manifest.json');
  const layout = index === null ? [] : mergeImages(await readLayout(files, index, options));
  if (layout.length > 0) {
    if (index !== null && docker !== null) await refuseOthers(files, index, docker);
    return layout;
  }
  const images = docker === null ? [] : mergeImages(await readDockerArchive(files, docker, options));
  if (images.length > 0) return images;
  throw files.find('repositories') === null ? noImages() : tooOld();
}

/** Two tools would see two different images. */
async function refuseOthers(files: ReceivedFiles, index: ReceivedFile, docker: ReceivedFile): Promise<void> {
  const known = await layoutConfigs(files, index);
  const unknown = (await dockerConfigs(files, docker)).find((config) => !known.has(config));
  if (unknown === undefined) return;
  throw badArchive('manifest', 'its index.json and its manifest.json speak of different images', unknown);
}

function tooOld(): EngineError {
  return new EngineError('not-implemented', 'The archive is of a Docker before 1.10.', {
    detail: { step: 'manifest' },
    hint: 'Load it with a current docker, and save it again.',
  });
}
