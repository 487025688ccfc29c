import { describe, expect, it } from 'vitest';
import { judgeLink, machineAddresses } from './external-links.ts';

const OWN = new Set(['192.168.1.7', 'fd00::7']);

describe('a link', () => {
  it.each([
    'http://localhost:8080/',
    'http://127.0.0.1:8080/a?b=c',
    'https://127.3.0.9:8443/',
    'http://[::1]:8080/',
    'http://192.168.1.7:8080/',
    'http://[fd00::7]:8080/',
  ])('to this machine is opened: %s', (link) => {
    expect(judgeLink(link, OWN)).toEqual({ kind: 'open', url: link });
  });

  it.each([
    'https://example.org/',
    'http://192.168.1.8:8080/',
    'http://127.0.0.1.example.org/',
    'http://localhost.example.org/',
  ])('to anywhere else is asked about: %s', (link) => {
    expect(judgeLink(link, OWN)).toEqual({ kind: 'ask', url: link });
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ftp://localhost/',
    'smb://localhost/share',
    'vscode://file/x',
    'http://localhost@example.org/',
    'http://',
    '',
    7,
    null,
  ])('of another kind is ignored: %j', (link) => {
    expect(judgeLink(link, OWN)).toEqual({ kind: 'ignore' });
  });

  it('knows the addresses of this machine', () => {
    expect(machineAddresses().size).toBeGreaterThan(0);
  });
});
