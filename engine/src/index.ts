export { createEngine, type Engine, type EngineOptions } from './engine.ts';
export { defaultDataDir, defaultRunDir, resolveFolders } from './folders.ts';
export { VERSION } from './version.ts';
