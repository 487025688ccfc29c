export { Starters, type StarterSources } from './starters.ts';
