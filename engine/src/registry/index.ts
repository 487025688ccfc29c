export type { Credentials } from './authenticator.ts';
export { TransientError } from './failures/transient-error.ts';
export type { MirroredSource } from './mirrored-source.ts';
export type { RemoteReferrer } from './referrers.ts';
export {
  type RegistryAccess,
  RegistryClient,
  type RegistryClientOptions,
  type SourceAccess,
} from './registry-client.ts';
export type { ImageSource, RemoteBlob, RemoteManifest, Repository } from './repository.ts';
export { Retries } from './retries.ts';
export { type CurrentSettings, DEFAULT_SETTINGS } from './settings.ts';
export { CertificateFolders, type Trust } from './trust.ts';
export type { BlobSource } from './upload.ts';
export type { FoundRepository } from './hub-search.ts';
