import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { useImages } from '../images/queries.ts';
import type { RunFieldsProps } from './field-props.ts';
import { EnvRows, MountRows } from './row-fields.tsx';
import { checkReference } from '../../lib/check-reference.ts';

export function BasicFields({ id, form, problems, onChange }: RunFieldsProps) {
  const t = useText();
  return (
    <>
      <FormRow label={t('column.image')} htmlFor={`${id}-image`}>
        <ImageField id={`${id}-image`} form={form} problems={problems} onChange={onChange} />
      </FormRow>
      <FormRow label={t('column.name')} htmlFor={`${id}-name`}>
        <TextField
          id={`${id}-name`}
          fieldWidth="name"
          value={form.name}
          invalid={problems.name !== undefined}
          placeholder={t('run.namePlaceholder')}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        {problems.name !== undefined && <Hint tone="bad">{t(problems.name)}</Hint>}
      </FormRow>
      <FormRow label={t('column.command')} htmlFor={`${id}-command`}>
        <TextField
          id={`${id}-command`}
          mono
          value={form.command}
          invalid={problems.command !== undefined}
          placeholder={t('run.commandPlaceholder')}
          onChange={(event) => onChange({ command: event.target.value })}
        />
        {problems.command !== undefined && <Hint tone="bad">{t(problems.command)}</Hint>}
      </FormRow>
      <FormRow label={t('run.files')}>
        <MountRows mounts={form.mounts} onChange={(mounts) => onChange({ mounts })} />
        {problems.mounts !== undefined && <Hint tone="bad">{t(problems.mounts)}</Hint>}
      </FormRow>
      <FormRow label={t('run.environment')}>
        <EnvRows env={form.env} onChange={(env) => onChange({ env })} />
        {problems.env !== undefined && <Hint tone="bad">{t(problems.env)}</Hint>}
      </FormRow>
    </>
  );
}

function ImageField({ id, form, problems, onChange }: RunFieldsProps) {
  const t = useText();
  const format = useFormat();
  const images = useImages();
  const names = (images.data ?? []).flatMap((image) => image.references);
  const checked = checkReference(form.image);
  const wanted = checked.ok ? checked.reference : form.image;
  const here = (images.data ?? []).find(
    (image) => image.references.includes(wanted) || image.id.replace('sha256:', '').startsWith(form.image),
  );
  return (
    <>
      <TextField
        id={id}
        {...(form.image === '' && { 'data-autofocus': true })}
        value={form.image}
        list={`${id}-list`}
        invalid={problems.image !== undefined}
        placeholder={t('run.imagePlaceholder')}
        onChange={(event) => onChange({ image: event.target.value })}
      />
      <datalist id={`${id}-list`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {problems.image !== undefined ? (
        <Hint tone="bad">{t(problems.image)}</Hint>
      ) : form.image === '' || images.data === undefined ? null : here === undefined ? (
        <Hint>{t('run.imageNotHere')}</Hint>
      ) : (
        <Hint tone="ok">{t('run.imageHere', { size: format.bytes(here.sizeBytes) })}</Hint>
      )}
    </>
  );
}
