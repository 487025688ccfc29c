export { AgentClient, type AgentClientOptions } from './agent-client.ts';
