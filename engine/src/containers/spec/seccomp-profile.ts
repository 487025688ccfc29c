import { z } from 'zod';
import { EngineError } from '../../errors/index.ts';
import type { OciSeccomp, OciSyscall } from '../../runtime/index.ts';

const filter = z
  .object({
    arches: z.array(z.string()).nullish(),
    caps: z.array(z.string()).nullish(),
    minKernel: z.string().nullish(),
  })
  .nullish();

const argument = z.object({
  index: z.number().int().min(0).max(5),
  value: z.number().nonnegative(),
  valueTwo: z.number().nonnegative().nullish(),
  op: z.string(),
});

const errno = z.number().int().min(0).max(4095).nullish();

const rule = z.object({
  name: z.string().nullish(),
  names: z.array(z.string()).nullish(),
  action: z.string(),
  errnoRet: errno,
  args: z.array(argument).nullish(),
  includes: filter,
  excludes: filter,
});

/** Docker's form (moby, profiles/seccomp): the OCI form with conditions on architecture, capabilities and kernel. */
const profile = z.object({
  defaultAction: z.string(),
  defaultErrnoRet: errno,
  architectures: z.array(z.string()).nullish(),
  archMap: z
    .array(z.object({ architecture: z.string(), subArchitectures: z.array(z.string()).nullish() }))
    .nullish(),
  flags: z.array(z.string()).nullish(),
  syscalls: z.array(rule).max(10_000).nullish(),
});

type Profile = z.output<typeof profile>;
type Rule = z.output<typeof rule>;

/** What conditions are about. */
export interface SeccompTarget {
  /** As in OCI platforms. */
  readonly architecture: string;
  readonly capabilities: readonly string[];
  readonly kernelVersion: string;
}

const SECCOMP_ARCHES: Readonly<Record<string, string>> = {
  amd64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
};

/** Refuses what is no profile, so that a container is not made with one that can never be. */
export function checkSeccompProfile(json: string): void {
  parseProfile(json);
}

/** A profile as the runtime spec has it: the rules whose conditions hold. */
export function ociSeccomp(json: string, target: SeccompTarget): OciSeccomp {
  const parsed = parseProfile(json);
  return {
    defaultAction: parsed.defaultAction,
    ...defined('defaultErrnoRet', parsed.defaultErrnoRet),
    architectures: architecturesOf(parsed, target.architecture),
    ...defined('flags', parsed.flags),
    syscalls: (parsed.syscalls ?? []).filter((it) => applies(it, target)).map(syscall),
  };
}

function parseProfile(json: string): Profile {
  try {
    return profile.parse(JSON.parse(json));
  } catch (thrown) {
    throw new EngineError('invalid-argument', 'The seccomp profile is not in the form that Docker uses.', {
      detail: { step: 'seccomp', path: reasonOf(thrown) },
      hint: 'A profile is JSON with "defaultAction" and "syscalls".',
    });
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof z.ZodError) return thrown.issues[0]?.path.join('.') ?? '';
  return thrown instanceof Error ? thrown.message : '';
}

function architecturesOf(parsed: Profile, architecture: string): readonly string[] {
  const own = SECCOMP_ARCHES[architecture] ?? '';
  const mapped = parsed.archMap?.find((entry) => entry.architecture === own);
  if (mapped !== undefined) return [own, ...(mapped.subArchitectures ?? [])];
  return parsed.architectures ?? [own];
}

function applies({ includes, excludes }: Rule, target: SeccompTarget): boolean {
  const { architecture, capabilities, kernelVersion } = target;
  if (excludes?.arches?.includes(architecture) === true) return false;
  if (excludes?.caps?.some((name) => capabilities.includes(name)) === true) return false;
  if (excludes?.minKernel && isAtLeast(kernelVersion, excludes.minKernel)) return false;
  if (includes?.arches?.length && !includes.arches.includes(architecture)) return false;
  if (includes?.caps?.length && !includes.caps.every((name) => capabilities.includes(name))) return false;
  return !includes?.minKernel || isAtLeast(kernelVersion, includes.minKernel);
}

function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function syscall({ name, names, action, errnoRet, args }: Rule): OciSyscall {
  return {
    names: [...(name ? [name] : []), ...(names ?? [])],
    action,
    ...defined('errnoRet', errnoRet),
    ...(args &&
      args.length > 0 && {
        args: args.map(({ index, value, valueTwo, op }) => ({
          index,
          value,
          ...defined('valueTwo', valueTwo),
          op,
        })),
      }),
  };
}

/** Go writes null for what it has not got; the runtime spec leaves it out. */
function defined<K extends string, V>(key: K, value: V | null | undefined): Partial<Record<K, V>> {
  // The one key is K.
  return (value === null || value === undefined ? {} : { [key]: value }) as Partial<Record<K, V>>;
}
