export type { Credentials } from './authenticator.ts';
export { TransientError } from './failure.ts';
export { type RegistryAccess, RegistryClient, type RegistryClientOptions } from './registry-client.ts';
export type { RemoteBlob, RemoteManifest, Repository } from './repository.ts';
export { Retries } from './retries.ts';
export { CertificateFolders, type Trust } from './trust.ts';
export type { BlobSource } from './upload.ts';
export type { FoundRepository } from './hub-search.ts';
