import { Channel, type ChannelOptions, credentials } from '@grpc/grpc-js';

/** Largest message either side sends: a log batch, a runtime spec. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

const OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // An agent that is stopped or stuck keeps its socket: only pings tell.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.keepalive_permit_without_calls': 1,
  // A local socket is there or not: looking again soon costs nothing.
  'grpc.initial_reconnect_backoff_ms': 20,
  'grpc.min_reconnect_backoff_ms': 20,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
};

/** A channel to the agent's socket. It connects when first used, and again by itself when the agent comes back. */
export function unixChannel(socketPath: string): Channel {
  // The socket's mode, 0600, is what lets only its owner in; there is nothing to encrypt on one machine.
  return new Channel(`unix:${socketPath}`, credentials.createInsecure(), OPTIONS);
}
