import { describe, expect, it } from 'vitest';
import { type Shell, terminalLines, type Topic } from './terminal-lines.ts';

const target = { socketPath: '/run/longshore/docker.sock', context: 'longshore' };
const odd = { socketPath: "/home/ada's/run/docker.sock", context: 'longshore' };

describe('lines for the terminal', () => {
  it.each<[Topic, Shell, string]>([
    ['once', 'posix', 'docker --context longshore ps'],
    ['terminal', 'posix', 'export DOCKER_HOST=unix:///run/longshore/docker.sock'],
    ['terminal', 'fish', 'set -gx DOCKER_HOST unix:///run/longshore/docker.sock'],
    ['terminal', 'powershell', "$env:DOCKER_HOST = 'unix:///run/longshore/docker.sock'"],
    ['curl', 'posix', 'curl --unix-socket /run/longshore/docker.sock http://localhost/containers/json'],
    ['elsewhere', 'powershell', 'ssh -N -L 127.0.0.1:2375:/run/longshore/docker.sock you@this-machine'],
  ])('%s in %s begins with %s', (topic, shell, line) => {
    expect(terminalLines(topic, shell, target)[0]).toBe(line);
  });

  it.each<[Shell, string]>([
    ['posix', String.raw`export DOCKER_HOST='unix:///home/ada'\''s/run/docker.sock'`],
    ['fish', String.raw`set -gx DOCKER_HOST 'unix:///home/ada\'s/run/docker.sock'`],
    ['powershell', "$env:DOCKER_HOST = 'unix:///home/ada''s/run/docker.sock'"],
  ])('are quoted as %s reads them', (shell, line) => {
    expect(terminalLines('terminal', shell, odd)[0]).toBe(line);
  });

  it('name a variable before a command only where the shell knows that', () => {
    expect(terminalLines('compose', 'posix', target)).toHaveLength(2);
    expect(terminalLines('compose', 'fish', target)).toEqual(['docker --context longshore compose up -d']);
  });
});
