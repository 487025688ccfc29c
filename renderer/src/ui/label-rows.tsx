import { useText } from '../messages/use-text.ts';
import { Button, IconButton } from './button.tsx';
import { FormRow, Hint, TextField } from './field.tsx';

export interface Label {
  readonly name: string;
  readonly value: string;
}

interface LabelRowsProps {
  /** Left out: labels. */
  readonly title?: string;
  readonly addText?: string;
  readonly labels: readonly Label[];
  readonly problem: string | undefined;
  readonly onChange: (labels: readonly Label[]) => void;
}

/** Any number of names with values: labels of a new object, unless it is said of what. */
export function LabelRows({ title, addText, labels, problem, onChange }: LabelRowsProps) {
  const t = useText();
  const change = (index: number, part: Partial<Label>) =>
    onChange(labels.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <FormRow label={title ?? t('overview.labels')}>
      {labels.map((row, index) => (
        <div className="form-line" key={index}>
          <TextField
            mono
            fieldWidth="medium"
            aria-label={t('run.labelName')}
            placeholder={t('run.labelName')}
            value={row.name}
            onChange={(event) => change(index, { name: event.target.value })}
          />
          <span className="text-3">=</span>
          <TextField
            mono
            aria-label={t('run.envValue')}
            placeholder={t('run.envValue')}
            value={row.value}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          <IconButton
            icon="close"
            label={t('run.removeRow')}
            onClick={() => onChange(labels.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="form-line">
        <Button variant="quiet" icon="plus" onClick={() => onChange([...labels, { name: '', value: '' }])}>
          {addText ?? t('run.addLabel')}
        </Button>
      </div>
      {problem !== undefined && <Hint tone="bad">{problem}</Hint>}
    </FormRow>
  );
}
