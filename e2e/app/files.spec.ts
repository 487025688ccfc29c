import { test } from '@playwright/test';
import { doInRealWindow } from '../fixtures/electron-app.ts';
import { doFilesJob } from '../window/files-job.ts';

test('the files of a container in the real window, running and stopped', () => doInRealWindow(doFilesJob));
