export { ApiBench } from './api-bench.ts';
export { exchange, type RawAnswer, requestText } from './raw-http.ts';
export { DockerClient, frames } from './docker-client.ts';
