import { test } from '@playwright/test';
import { doInRealWindow } from '../fixtures/electron-app.ts';
import { doVolumesJob } from '../window/volumes-job.ts';

test('volumes in the real window: filled, copied, taken out, brought in, thrown away and had back', () =>
  doInRealWindow(doVolumesJob));
