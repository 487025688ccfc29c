import type { RunField, RunForm } from './run-form.ts';
import type { RunProblems } from './run-problems.ts';

export interface RunFieldsProps {
  readonly id: string;
  readonly form: RunForm;
  readonly problems: RunProblems;
  readonly onChange: (part: Partial<RunForm>) => void;
}

/** The fields of the form that hold this type. */
export type FieldsOf<Value> = {
  [Field in RunField]: RunForm[Field] extends Value ? (Value extends RunForm[Field] ? Field : never) : never;
}[RunField];
