import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './lib/run.mjs';

const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(path.join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];

/** Paths in backticks that begin with one of the project's folders. */
const NAMED_PATH = /`((?:renderer|electron|engine|native|e2e|scripts|docs)\/[^`\s*]*)`/g;
/** Links to files of the project; addresses of the web have a scheme. */
const LINK = /\]\((?!\w+:)([^)#]+)(?:#[^)]*)?\)/g;

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8');

  it('names only paths that exist', () => {
    const named = [...text.matchAll(NAMED_PATH)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const folder = path.dirname(path.join(root, page));
    const linked = [...text.matchAll(LINK)].map((match) => match[1] ?? '');
    expect(linked.filter((name) => !existsSync(path.resolve(folder, name)))).toEqual([]);
  });
});

describe('the scripts that the README names', () => {
  it('are there', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
