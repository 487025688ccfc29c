export { FakeNetworkHost } from './fake-network-host.ts';
export { FakeNetworkSource } from './fake-network-source.ts';
