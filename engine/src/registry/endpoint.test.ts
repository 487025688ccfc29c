import { describe, expect, it } from 'vitest';
import { endpointsOf, onwardUrl } from './endpoint.ts';

describe('where a registry is looked for', () => {
  it.each([
    ['docker.io', false, ['https://registry-1.docker.io/']],
    ['ghcr.io', false, ['https://ghcr.io/']],
    ['ghcr.io:5000', true, ['https://ghcr.io:5000/', 'http://ghcr.io:5000/']],
    ['localhost:5000', false, ['https://localhost:5000/', 'http://localhost:5000/']],
    ['127.0.0.9:1', false, ['https://127.0.0.9:1/', 'http://127.0.0.9:1/']],
    ['[::1]:1', false, ['https://[::1]:1/', 'http://[::1]:1/']],
    ['127.0.0.1.example.com', false, ['https://127.0.0.1.example.com/']],
    ['192.168.0.1:5000', false, ['https://192.168.0.1:5000/']],
  ])('%s, insecure %s: %j', (domain, insecure, urls) => {
    expect(endpointsOf(domain, insecure).map(({ href }) => href)).toEqual(urls);
  });
});

describe('an address that a registry sends us to', () => {
  it.each([
    ['https://reg.io/v2/', 'https://cdn.io/x', 'https://cdn.io/x'],
    ['https://reg.io/v2/a', '/v2/b', 'https://reg.io/v2/b'],
    ['http://localhost:1/', 'http://127.0.0.1:2/x', 'http://127.0.0.1:2/x'],
    ['http://localhost:1/', 'https://cdn.io/x', 'https://cdn.io/x'],
    ['https://reg.io/', 'https://user:secret@cdn.io/x', 'https://cdn.io/x'],
  ])('from %s to %s is followed', (from, location, to) => {
    expect(onwardUrl(new URL(from), location).href).toBe(to);
  });

  it.each([
    ['https://reg.io/', 'http://reg.io/x', 'not encrypted'],
    ['https://reg.io/', 'https://169.254.169.254/latest', 'link-local'],
    ['https://reg.io/', 'https://2852039166/', 'link-local'],
    ['http://localhost:1/', 'http://169.254.169.254/', 'link-local'],
    ['https://reg.io/', 'https://[fe80::1]/', 'link-local'],
    ['https://reg.io/', 'https://[::ffff:169.254.169.254]/', 'link-local'],
    ['https://reg.io/', 'https://127.0.0.1:9000/', 'this machine'],
    ['https://reg.io/', 'https://localhost/', 'this machine'],
    ['https://reg.io/', 'file:///etc/passwd', 'no web address'],
    ['https://reg.io/', 'https://', 'no address'],
  ])('from %s to %s is refused: %s', (from, location, why) => {
    expect(() => onwardUrl(new URL(from), location)).toThrow(why);
  });
});
