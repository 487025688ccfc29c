import type { Page } from '@playwright/test';

/** What is around the window's page: it differs between Electron and a browser. */
export interface WindowHost {
  readonly page: Page;
  /** What `action` made the person's browser open. */
  readonly opened: (action: () => Promise<void>) => Promise<string>;
  /** The bytes of the file that `action` saved. */
  readonly saved: (action: () => Promise<void>) => Promise<Buffer>;
  /** Called where a picture is worth taking. */
  readonly picture?: (name: string) => Promise<void>;
}
