import { containerRequest } from '@longshore/engine/contract';
import { expect, test } from '@playwright/test';
import { Command } from 'commander';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  addContainerOptions,
  type ContainerOptions,
  toContainerRequest,
} from '../../engine/src/host/cli/flags/container-options.ts';
import type { RunForm } from '../../renderer/src/features/run/run-form.ts';
import { runArguments } from '../../renderer/src/features/run/run-command.ts';
import { requestOf } from '../../renderer/src/features/run/run-request.ts';
import { FULL_RUN_FORM } from '../../renderer/src/testing/full-run-form.ts';

const forms: Readonly<Record<string, RunForm>> = {
  'on networks of its own': { ...FULL_RUN_FORM, network: 'bridge', networkContainer: '' },
  'on the network of another container': { ...FULL_RUN_FORM, networks: [] },
};

for (const [where, form] of Object.entries(forms)) {
  test(`the command line beneath the run dialog asks the engine for the same as its button, in every setting, ${where}`, async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'longshore-profile-'));
    const profile = path.join(folder, 'strict.json');
    await writeFile(profile, form.seccompProfile?.text ?? '');
    const byButton = requestOf(form);
    const byCommand = requestOfCommand(runArguments(byButton, profile).slice(1));
    await rm(folder, { recursive: true });
    expect(containerRequest.parse(byCommand)).toEqual(containerRequest.parse(byButton));
  });
}

/** As `longshore run` reads its arguments. */
function requestOfCommand(words: readonly string[]): unknown {
  const made: unknown[] = [];
  const command = new Command('run')
    .enablePositionalOptions()
    .passThroughOptions()
    .option('-d, --detach')
    .argument('<image>')
    .argument('[command...]')
    .action((image: string, argv: string[], options: ContainerOptions) => {
      made.push(toContainerRequest(image, argv, options));
    });
  addContainerOptions(command).parse([...words], { from: 'user' });
  return made[0];
}
