import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { SwitchCommand } from './switch-command.ts';

/** What the options and arguments of `verb` are for these words. */
function parse(...words: readonly string[]): { options: object; args: readonly string[] } {
  const program = new SwitchCommand('program').option('--loud').enablePositionalOptions();
  let seen = { options: {}, args: [] as readonly string[] };
  const verb = program
    .command('verb')
    .argument('[words...]')
    .option('-p, --pause', '', true)
    .option('--no-trunc')
    .option('--rm')
    .option('--name <name>')
    .action((args: readonly string[], options: object) => void (seen = { options, args }));
  if (words.includes('image')) verb.passThroughOptions();
  for (const command of [program, verb])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  program.parse(['verb', ...words], { from: 'user' });
  return seen;
}

describe('switches', () => {
  it.each([
    [[], { pause: true, trunc: true }],
    [['--pause'], { pause: true }],
    [['-p'], { pause: true }],
    [['--pause=false'], { pause: false }],
    [['--pause=1'], { pause: true }],
    [['--no-trunc'], { trunc: false }],
    [['--no-trunc=false'], { trunc: true }],
    [['--rm=true'], { rm: true }],
    [['--rm=F', '--rm'], { rm: true }],
    [['--name', '--rm=true'], { name: '--rm=true' }],
  ])('of %j are %j', (words, options) => {
    expect(parse(...words).options).toMatchObject(options);
  });

  it('take no word that stands behind them', () => {
    expect(parse('--pause', 'false')).toMatchObject({ options: { pause: true }, args: ['false'] });
  });

  it('are not looked for behind an image, a double dash or a verb', () => {
    expect(parse('image', '--rm=true')).toMatchObject({ options: {}, args: ['image', '--rm=true'] });
    expect(parse('--', '--rm=true').args).toEqual(['--rm=true']);
    expect(() => parse('--loud=true')).toThrow(/unknown option '--loud=true'/);
  });

  it('take nothing but true and false', () => {
    expect(() => parse('--rm=maybe')).toThrow(CommanderError);
    expect(() => parse('--rm=maybe')).toThrow(/'--rm' argument 'maybe' is invalid/);
  });
});
