import { describe, expect, it } from 'vitest';
import type { RegistrySettings } from '@longshore/engine/types';
import { formOf, problemsOf, settingsOf } from './registry-form.ts';

const settings: RegistrySettings = {
  downloads: { concurrency: 4, bytesPerSecond: 2_500_000 },
  proxy: { http: 'http://proxy:3128', https: '', noProxy: '*.local' },
  registries: [{ registry: 'docker.io', mirrors: ['mirror.one', 'mirror.two/hub'], insecure: false }],
};

describe('the form of the settings of registries', () => {
  it.each<[string, RegistrySettings]>([
    ['limits, a proxy and mirrors', settings],
    ['nothing set', { downloads: { concurrency: 1, bytesPerSecond: null }, proxy: null, registries: [] }],
  ])('gives back what it was made from: %s', (_what, each) => {
    expect(settingsOf(formOf(each))).toEqual(each);
  });

  it('leaves out empty lines among the mirrors', () => {
    const form = formOf(settings);
    const typed = {
      ...form,
      registries: [{ registry: ' docker.io ', mirrors: '\n a \n\nb', insecure: true }],
    };
    expect(settingsOf(typed).registries).toEqual([
      { registry: 'docker.io', mirrors: ['a', 'b'], insecure: true },
    ]);
  });

  it.each<[string, string, string[]]>([
    ['4', '', []],
    ['0', '', ['concurrency']],
    ['four', '0.5', ['concurrency']],
    ['17', '-1', ['concurrency', 'bandwidth']],
    ['2', 'fast', ['bandwidth']],
  ])('with %s downloads at once and a cap of "%s" has the problems %j', (concurrency, cap, problems) => {
    expect(problemsOf({ ...formOf(settings), concurrency, megabytesPerSecond: cap })).toEqual(problems);
  });
});
