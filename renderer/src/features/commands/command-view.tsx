import { usePreferences } from '../../lib/preferences.ts';
import { useText } from '../../messages/use-text.ts';
import { CommandBox } from '../../ui/command-box.tsx';
import { type ActionCommand, commandLine, maskedLine, PROGRAMS } from './action-command.ts';

/** In a dialog: the line that does what its button does, for the program that the person prefers. */
export function CommandView({ command }: { readonly command: ActionCommand }) {
  const t = useText();
  const { program, setProgram } = usePreferences();
  const line = commandLine(command, program);
  return (
    <CommandBox
      program={program}
      programs={PROGRAMS}
      onProgram={setProgram}
      command={line}
      masked={maskedLine(command, program)}
      note={
        line === undefined
          ? t('command.none', { program })
          : program === 'docker' && command.missing.length > 0
            ? command.missing.map((id) => t(id)).join(' ')
            : undefined
      }
    />
  );
}
