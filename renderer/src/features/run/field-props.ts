import type { RunForm, RunProblems } from './run-form.ts';

export interface RunFieldsProps {
  readonly id: string;
  readonly form: RunForm;
  readonly problems: RunProblems;
  readonly onChange: (part: Partial<RunForm>) => void;
}
