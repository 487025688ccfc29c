import { type ComponentType, lazy, useState } from 'react';

/** Waits between the attempts, ms: a network that has changed is back within the first. */
const WAITS_MS = [250, 1000] as const;

interface Module<Props> {
  readonly default: ComponentType<Props>;
}

/** A part of the window whose code did not come, not even on the last attempt. */
export class PartNotLoaded extends Error {
  override readonly name = 'PartNotLoaded';
  /** Lets the next drawing of the part load it again. */
  readonly forget: () => void;

  constructor(cause: unknown, forget: () => void) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.forget = forget;
  }
}

export type LazyPart<Props> = ComponentType<Props> & {
  /** Loads the code before it is needed, so that the part is drawn at once when it is. */
  readonly preload: () => void;
};

/**
 * React's `lazy`, but for a network that fails: loading is tried again, and what failed for good can be tried again
 * later. Throws {@link PartNotLoaded} to the nearest error boundary.
 */
export function lazyPart<Props extends object>(load: () => Promise<Module<Props>>): LazyPart<Props> {
  let loaded: ComponentType<Props> | undefined;
  const late = (): ComponentType<Props> =>
    lazy(async () => {
      try {
        const module = await loadPatiently(load);
        loaded = module.default;
        return module;
      } catch (error) {
        throw new PartNotLoaded(error, () => (current = late()));
      }
    });
  let current = late();
  function Part(props: Props) {
    // What is drawn stays what it is, else its state would be lost when it is drawn the next time.
    const [Content] = useState(() => loaded ?? current);
    return <Content {...props} />;
  }
  // A failure is told when the part is drawn.
  const preload = () =>
    void load().then(
      (module) => (loaded = module.default),
      () => undefined,
    );
  return Object.assign(Part, { preload });
}

async function loadPatiently<T>(load: () => Promise<T>): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return load();
}
