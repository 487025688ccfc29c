import { test } from '@playwright/test';
import { doInRealWindow } from '../fixtures/electron-app.ts';
import { doNetworksJob } from '../window/networks-job.ts';

test('networks in the real window: made, tried, left', () => doInRealWindow(doNetworksJob));
