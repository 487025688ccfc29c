export { FakeVolumeStore } from './fake-volume-store.ts';
