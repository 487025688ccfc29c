import { describe, expect, it } from 'vitest';
import { formatDocument } from './document-template.ts';

const document = {
  id: 'abc',
  name: 'web',
  state: { status: 'running', pid: 7, exit: null },
  labels: { role: 'front', Role: 'back' },
  command: ['sh', '-c'],
};

describe('a template of inspect', () => {
  it.each([
    ['{{.Name}}', 'web'],
    ['{{.State.Status}} {{ .state.pid }}\\n', 'running 7\n'],
    ['{{.State.Exit}}', 'null'],
    ['{{json .State}}', '{"status":"running","pid":7,"exit":null}'],
    ['{{json .}}', JSON.stringify(document)],
    ['{{.Command}}', '["sh","-c"]'],
    ['{{upper .Name}}{{lower .Name}}{{len .Name}}{{len .Command}}{{len .Labels}}', 'WEBweb322'],
    ['{{index .Labels "Role"}}{{index .Labels "none"}}{{index .Command 1}}', 'back-c'],
    ['json', JSON.stringify(document)],
    ['no action', 'no action'],
  ])('%s', (format, expected) => {
    expect(formatDocument(document, format)).toBe(expected);
  });

  it.each([
    ['{{.Nothing}}', /no "Nothing"/],
    ['{{.Name.First}}', /no "First"/],
    ['{{range .Command}}x{{end}}', /{{range \.Command}}, which is not known/],
    ['{{len .State.Pid}}', /has no length/],
  ])('%s is refused', (format, reason) => {
    expect(() => formatDocument(document, format)).toThrow(reason);
  });
});
