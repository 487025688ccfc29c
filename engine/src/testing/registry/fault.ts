/** One way in which a registry goes wrong. */
export type Fault =
  /** Answers with this status and the registry's error code. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Sends so many bytes of the body, then breaks the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Sends so many bytes and calls that the whole body. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Sends the right number of wrong bytes. */
  | { readonly kind: 'corrupt' }
  /** Sends more than there is. */
  | { readonly kind: 'pad'; readonly bytes: number }
  /** Sends spaces for as long as anybody listens. */
  | { readonly kind: 'endless' }
  /** Sends other bytes than those stored. */
  | { readonly kind: 'replace'; readonly bytes: Uint8Array; readonly contentType?: string }
  /** Sends so many bytes, and the rest when `until` resolves. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly until: Promise<void> }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Does as if it did not know ranges. */
  | { readonly kind: 'no-range' }
  /** Breaks the connection instead of answering. */
  | { readonly kind: 'reset' };

export interface FaultRule {
  /** Part of the path. */
  readonly path: string;
  readonly fault: Fault;
  /** How many requests it hits; left out: all. */
  readonly times?: number;
  /** How many it lets pass before. */
  readonly after?: number;
}

interface Armed {
  readonly rule: FaultRule;
  passed: number;
  hit: number;
}

/** The faults a test has switched on. The first that fits a request hits it. */
export class Faults {
  private armed: Armed[] = [];

  add(rule: FaultRule): void {
    this.armed.push({ rule, passed: 0, hit: 0 });
  }

  clear(): void {
    this.armed = [];
  }

  take(path: string): Fault | undefined {
    for (const armed of this.armed) {
      const { rule } = armed;
      if (!path.includes(rule.path) || armed.hit >= (rule.times ?? Infinity)) continue;
      if (armed.passed < (rule.after ?? 0)) {
        armed.passed++;
        continue;
      }
      armed.hit++;
      return rule.fault;
    }
    return undefined;
  }
}
