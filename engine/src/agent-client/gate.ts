/** Lets calls through to an agent that runs. */
export interface Gate {
  /**
   * Resolves when the agent can be called: at once while it runs, after a start or restart under way; rejects with
   * why there is none.
   */
  open(signal?: AbortSignal): Promise<void>;
  /** Resolves when the agent can be called, however long that takes; rejects only by the signal. */
  opened(signal: AbortSignal): Promise<void>;
}
