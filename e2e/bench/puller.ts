/** Something that pulls images into folders of its own. */
export interface Puller extends AsyncDisposable {
  readonly name: string;
  /** All at once. */
  pull(images: readonly string[]): Promise<PullCost | undefined>;
  /** With their layers: resolves when nothing of them is left on the disk. */
  remove(images: readonly string[]): Promise<void>;
}

/** What a pull took of the processes that did it. */
export interface PullCost {
  /** Bytes that the engine grew by at its peak, and all that its agent had at its own. */
  readonly engineBytes: number;
  readonly agentBytes: number;
  /** Milliseconds that the event loop was late at most. */
  readonly loopDelay: number;
}
