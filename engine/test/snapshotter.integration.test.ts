import { snapshotterContract } from '../src/testing/snapshotter/snapshotter-contract.ts';
import { describeReal, RealAgent } from './real-agent.ts';

describeReal('the contract of snapshotters', () => {
  snapshotterContract('the agent', () => RealAgent.open());
});
