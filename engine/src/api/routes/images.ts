import { route, type Route } from '../server/router.ts';
import { imageHistory, inspectImage, listImages, pruneImages, removeImage, tagImage } from './image-list.ts';
import {
  commitContainer,
  createImage,
  inspectDistribution,
  loadImages,
  pushImage,
  saveImages,
  searchImages,
} from './image-transfers.ts';

export const imageRoutes: readonly Route[] = [
  route('GET', '/images/json', listImages),
  route('GET', '/images/search', searchImages),
  route('GET', '/images/get', saveImages),
  route('POST', '/images/create', createImage),
  route('POST', '/images/load', loadImages),
  route('POST', '/images/prune', pruneImages, { since: 25 }),
  route('GET', '/images/{name}/json', inspectImage),
  route('GET', '/images/{name}/history', imageHistory),
  route('GET', '/images/{name}/get', saveImages),
  route('POST', '/images/{name}/push', pushImage),
  route('POST', '/images/{name}/tag', tagImage),
  route('DELETE', '/images/{name}', removeImage),
  route('GET', '/distribution/{name}/json', inspectDistribution, { since: 30 }),
  route('POST', '/commit', commitContainer),
];
