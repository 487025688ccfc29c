export { EventBus, type EventBusOptions, type NewEvent } from './event-bus.ts';
export type { EventQuery } from './event-filter.ts';
