import { useRef } from 'react';
import { type MessageId, useText } from '../../messages/use-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormRow, Hint, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LabelRows } from '../../ui/label-rows.tsx';
import { givenFiles } from '../files/write-files.ts';
import type { BuildForm, BuildProblem, GivenFolder } from './build-form.ts';
import { givenFolder } from './given-folder.ts';

interface BuildFieldsProps {
  readonly id: string;
  readonly form: BuildForm;
  readonly problems: Partial<Record<string, BuildProblem>>;
  readonly onChange: (part: Partial<BuildForm>) => void;
}

export function BuildFields({ id, form, problems, onChange }: BuildFieldsProps) {
  const t = useText();
  const text = (
    field: 'dockerfile' | 'tags' | 'target' | 'platform',
    label: MessageId,
    placeholder: string,
  ) => (
    <FormRow label={t(label)} htmlFor={`${id}-${field}`}>
      <TextField
        id={`${id}-${field}`}
        mono
        placeholder={placeholder}
        value={form[field]}
        invalid={problems[field] !== undefined}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
      <Problem problem={problems[field]} />
    </FormRow>
  );
  return (
    <>
      <FolderField id={id} form={form} problem={problems['folder']} onChange={onChange} />
      {text('dockerfile', 'builds.dockerfile', 'Dockerfile')}
      {text('tags', 'builds.tags', t('builds.tagsExample'))}
      {text('target', 'builds.target', t('builds.targetExample'))}
      {text('platform', 'builds.platform', t('builds.platformExample'))}
      <LabelRows
        title={t('builds.args')}
        addText={t('builds.addArg')}
        labels={form.args}
        problem={problems['args'] === undefined ? undefined : t(problems['args'])}
        onChange={(args) => onChange({ args })}
      />
      <FormRow label={t('run.options')}>
        <div className="form-line run-options">
          <Checkbox
            labelled
            label={t('builds.noCache')}
            checked={form.noCache}
            onChange={(noCache) => onChange({ noCache })}
          />
          <Checkbox
            labelled
            label={t('builds.pull')}
            checked={form.pull}
            onChange={(pull) => onChange({ pull })}
          />
        </div>
      </FormRow>
    </>
  );
}

function Problem({ problem }: { readonly problem: BuildProblem | undefined }) {
  const t = useText();
  return problem === undefined ? null : <Hint tone="bad">{t(problem)}</Hint>;
}

interface FolderFieldProps {
  readonly id: string;
  readonly form: BuildForm;
  readonly problem: BuildProblem | undefined;
  readonly onChange: (part: Partial<BuildForm>) => void;
}

const WHOLE_FOLDER = { webkitdirectory: '' };

/** A folder of the engine's machine; or the files of one that the page was given. */
function FolderField({ id, form, problem, onChange }: FolderFieldProps) {
  const t = useText();
  const picker = useRef<HTMLInputElement>(null);
  const door = window.longshore;
  const choose = async () => {
    if (door === undefined) picker.current?.click();
    else {
      const folder = await door.chooseFolder();
      if (folder !== null) onChange({ folder, given: undefined });
    }
  };
  return (
    <FormRow label={t('builds.context')} htmlFor={`${id}-folder`}>
      <div className="form-line">
        {form.given === undefined ? (
          <TextField
            id={`${id}-folder`}
            mono
            data-autofocus
            placeholder={t('builds.folderExample')}
            value={form.folder}
            invalid={problem !== undefined}
            onChange={(event) => onChange({ folder: event.target.value })}
          />
        ) : (
          <GivenRow given={form.given} onDrop={() => onChange({ given: undefined })} />
        )}
        <Button icon="folder" onClick={() => void choose()}>
          {t('builds.choose')}
        </Button>
        <input
          ref={picker}
          hidden
          type="file"
          data-testid="build-folder"
          {...WHOLE_FOLDER}
          onChange={({ target }) => onChange({ given: givenFolder(givenFiles(target.files ?? [])) })}
        />
      </div>
      {problem === undefined ? <Hint>{t('builds.folderHint')}</Hint> : <Problem problem={problem} />}
    </FormRow>
  );
}

function GivenRow({ given, onDrop }: { readonly given: GivenFolder; readonly onDrop: () => void }) {
  const t = useText();
  return (
    <span className="build-given row grow">
      <Icon name="folder" />
      <span className="mono ellipsis">{given.name}</span>
      <span className="text-3 text-small">{t('builds.givenFiles', { count: given.files.length })}</span>
      <span className="grow" />
      <IconButton icon="close" small label={t('builds.dropGiven')} onClick={onDrop} />
    </span>
  );
}
