export { type IgnoreDecision, ignoreFileNames, type IgnoreRule, IgnoreRules } from './ignore-rules.ts';
