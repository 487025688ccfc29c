import { looksSecret } from '../../lib/secrets.ts';
import { useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { EnvRow, MountRow } from './run-form.ts';

function replaced<T>(rows: readonly T[], index: number, row: T): readonly T[] {
  return rows.map((each, at) => (at === index ? row : each));
}

interface EnvRowsProps {
  readonly env: readonly EnvRow[];
  readonly onChange: (env: readonly EnvRow[]) => void;
}

export function EnvRows({ env, onChange }: EnvRowsProps) {
  const t = useText();
  return (
    <>
      {env.map((row, index) => (
        <div className="form-line" key={index}>
          <TextField
            mono
            fieldWidth="medium"
            aria-label={t('run.envName')}
            placeholder={t('run.envName')}
            value={row.name}
            onChange={(event) => onChange(replaced(env, index, { ...row, name: event.target.value }))}
          />
          <span className="text-3">=</span>
          <TextField
            mono
            aria-label={t('run.envValue')}
            placeholder={t('run.envValue')}
            type={looksSecret(row.name) ? 'password' : 'text'}
            value={row.value}
            onChange={(event) => onChange(replaced(env, index, { ...row, value: event.target.value }))}
          />
          <IconButton
            icon="close"
            label={t('run.removeRow')}
            onClick={() => onChange(env.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="form-line">
        <Button variant="quiet" icon="plus" onClick={() => onChange([...env, { name: '', value: '' }])}>
          {t('run.addEnv')}
        </Button>
      </div>
    </>
  );
}

interface MountRowsProps {
  readonly mounts: readonly MountRow[];
  readonly onChange: (mounts: readonly MountRow[]) => void;
}

export function MountRows({ mounts, onChange }: MountRowsProps) {
  const t = useText();
  return (
    <>
      {mounts.map((mount, index) => (
        <div className="form-line" key={index}>
          <TextField
            mono
            fieldWidth="medium"
            aria-label={t('run.mountSource')}
            placeholder={t('run.mountSource')}
            value={mount.source}
            onChange={(event) => onChange(replaced(mounts, index, { ...mount, source: event.target.value }))}
          />
          <span className="text-3">→</span>
          <TextField
            mono
            aria-label={t('run.mountTarget')}
            placeholder={t('run.mountTarget')}
            value={mount.target}
            onChange={(event) => onChange(replaced(mounts, index, { ...mount, target: event.target.value }))}
          />
          <SelectField
            fieldWidth="short"
            aria-label={t('run.mountAccess')}
            value={mount.readOnly ? 'ro' : 'rw'}
            onChange={(event) =>
              onChange(replaced(mounts, index, { ...mount, readOnly: event.target.value === 'ro' }))
            }
          >
            <option value="rw">{t('mount.readWrite')}</option>
            <option value="ro">{t('mount.readOnly')}</option>
          </SelectField>
          <IconButton
            icon="close"
            label={t('run.removeRow')}
            onClick={() => onChange(mounts.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="form-line">
        <Button
          variant="quiet"
          icon="plus"
          onClick={() => onChange([...mounts, { source: '', target: '', readOnly: false }])}
        >
          {t('run.addMount')}
        </Button>
      </div>
    </>
  );
}
