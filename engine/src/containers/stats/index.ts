export { StatsFeed } from './stats-feed.ts';
