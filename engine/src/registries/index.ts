export { Registries, type RegistriesParts } from './registries.ts';
export { SettingsStore } from './settings-store.ts';
