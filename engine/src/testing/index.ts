export { HastyClock, ManualClock } from './clock/manual-clock.ts';
