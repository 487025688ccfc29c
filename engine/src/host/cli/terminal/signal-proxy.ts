const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** While it lives, signals to this program go to the container instead, as docker run --sig-proxy does. */
export function forwardSignals(send: (signal: string) => Promise<unknown>): Disposable {
  const forward = (signal: NodeJS.Signals) => {
    // A container that has just exited takes no signal; the session ends by itself then.
    send(signal.replace(/^SIG/, '')).catch(() => {});
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return {
    [Symbol.dispose]() {
      for (const signal of FORWARDED) process.off(signal, forward);
    },
  };
}
