import { isFileMode } from '../parsing/file-mode.ts';
import { failureAt } from '../problems/instruction-failure.ts';
import type { Word } from '../source/position.ts';
import type { AddInstruction, CopyInstruction } from '../syntax/instruction.ts';
import { isAddress, remoteKind } from './remote-source.ts';

/** Refuses what only shows when the variables of COPY or ADD are known. Fails with a DockerfileError. */
export function checkTransfer(instruction: CopyInstruction | AddInstruction): void {
  const { chmod } = instruction;
  if (chmod !== null && chmod.text !== '' && !isFileMode(chmod.text))
    throw failureAt(chmod.range, instruction, `"${chmod.text}" is no file mode.`);
  if (instruction.kind === 'add') checkChecksum(instruction);
  else checkSources(instruction);
}

function checkSources(instruction: CopyInstruction): void {
  const remote = pathsOf(instruction).find(({ text }) => isAddress(text));
  if (remote === undefined) return;
  const expected = 'ADD fetches from the network, COPY does not.';
  throw failureAt(remote.range, instruction, `COPY takes no address: "${remote.text}".`, expected);
}

function checkChecksum(instruction: AddInstruction): void {
  const { checksum, sources } = instruction;
  if (checksum === null || checksum.text === '') return;
  const [path] = pathsOf(instruction);
  if (sources.length === 1 && path !== undefined && remoteKind(path.text) !== null) return;
  const expected = 'It has one source, an address of a file or of a git repository.';
  throw failureAt(checksum.range, instruction, '--checksum is for what is fetched.', expected);
}

function pathsOf({ sources }: CopyInstruction | AddInstruction): readonly Word[] {
  return sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []));
}
