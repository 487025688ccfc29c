export { DockerTools, type DockerToolsOptions } from './docker-tools.ts';
