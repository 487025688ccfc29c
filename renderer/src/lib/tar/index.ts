export { joined, type TarHeader, type TarType } from './header.ts';
export { fileSource, packTar, type TarSource } from './pack.ts';
export { type TarEntry, unpackTar } from './unpack.ts';
