import { describe, expect, it } from 'vitest';
import { type Columns, formatItems } from './template.ts';

interface Ship {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
}

const COLUMNS: Columns<Ship> = {
  Name: { heading: 'NAME', value: ({ name }) => name },
  Label: { heading: '', value: ({ flags }, flag) => flags[flag] ?? '' },
};
const SHIPS: readonly Ship[] = [
  { name: 'Argo', flags: { port: 'Iolcus' } },
  { name: 'Vasa', flags: {} },
];
const format = (text: string) => formatItems(SHIPS, text, COLUMNS);

describe('--format', () => {
  it('puts fields into text', () => {
    expect(format('the {{.Name}}!')).toEqual(['the Argo!', 'the Vasa!']);
    expect(format('{{ .Name }}:{{.Label "port"}}')).toEqual(['Argo:Iolcus', 'Vasa:']);
    expect(format('{{upper .Name}} {{len .Name}}')).toEqual(['ARGO 4', 'VASA 4']);
  });

  it('is JSON of one field or of all', () => {
    expect(format('{{json .Name}}')).toEqual(['"Argo"', '"Vasa"']);
    expect(format('{{json .}}')).toEqual(['{"Name":"Argo"}', '{"Name":"Vasa"}']);
  });

  it('makes a table of what tabs part', () => {
    expect(format('table {{.Name}}\\t{{.Name}}')).toEqual(['NAME   NAME', 'Argo   Argo', 'Vasa   Vasa']);
  });

  it.each(['{{.Colour}}', '{{range .Name}}', '{{if .Name}}x{{end}}', '{{.constructor}}'])(
    'refuses %s',
    (text) => {
      expect(() => format(text)).toThrow('which is not known here');
    },
  );
});
