export { Registries, type RegistriesParts } from './registries.ts';
