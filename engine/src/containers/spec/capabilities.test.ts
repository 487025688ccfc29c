import { describe, expect, it } from 'vitest';
import { DEFAULT_CAPABILITIES, effectiveCapabilities, normaliseCapabilities } from './capabilities.ts';

describe('effectiveCapabilities', () => {
  it('is the default fourteen when nothing is said', () => {
    expect(effectiveCapabilities([], [])).toEqual(DEFAULT_CAPABILITIES);
    expect(DEFAULT_CAPABILITIES).toHaveLength(14);
    expect(DEFAULT_CAPABILITIES).not.toContain('CAP_SYS_ADMIN');
  });

  it('adds and drops by name, with or without prefix', () => {
    const capabilities = effectiveCapabilities(['sys_ptrace', 'CAP_CHOWN'], ['NET_RAW']);
    expect(capabilities).toContain('CAP_SYS_PTRACE');
    expect(capabilities).not.toContain('CAP_NET_RAW');
    expect(capabilities.filter((name) => name === 'CAP_CHOWN')).toHaveLength(1);
  });

  it('leaves only what is added when ALL is dropped', () => {
    expect(effectiveCapabilities(['CHOWN'], ['ALL'])).toEqual(['CAP_CHOWN']);
  });

  it('leaves all but what is dropped when ALL is added', () => {
    const capabilities = effectiveCapabilities(['ALL'], ['SYS_ADMIN']);
    expect(capabilities).toHaveLength(40);
    expect(capabilities).not.toContain('CAP_SYS_ADMIN');
  });

  it('refuses a word that is no capability', () => {
    expect(() => normaliseCapabilities(['SYS_ADMINN'])).toThrow('There is no capability "SYS_ADMINN".');
  });
});
