import type { Chapter } from '../tour.ts';
import { builds } from './builds.ts';
import { files } from './files.ts';
import { images } from './images.ts';
import { life } from './life.ts';
import { networks } from './networks.ts';
import { running } from './running.ts';
import { streams } from './streams.ts';
import { system } from './system.ts';

/** Each begins with an empty engine, and leaves it so. */
export const chapters: readonly Chapter[] = [images, running, life, streams, files, networks, system, builds];
