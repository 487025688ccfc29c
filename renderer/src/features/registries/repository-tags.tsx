import { useId, useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { referenceParts } from '../../lib/image-reference.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { FormRow, Hint, SelectField } from '../../ui/field.tsx';
import { useTags } from './queries.ts';

interface RepositoryTagsProps {
  readonly reference: string;
  readonly insecure: boolean;
  readonly onChoose: (reference: string) => void;
}

/** The tags that a repository has, when a person asks for them. */
export function RepositoryTags({ reference, insecure, onChoose }: RepositoryTagsProps) {
  const t = useText();
  const id = useId();
  const { repository, suffix } = referenceParts(reference);
  const [asked, setAsked] = useState('');
  const tags = useTags(asked === repository ? repository : '', insecure);
  const current = suffix.startsWith(':') ? suffix.slice(1) : '';
  return (
    <FormRow label={t('tags.label')} htmlFor={id}>
      <div className="form-line">
        {tags.data === undefined ? (
          <Button id={id} icon="tag" disabled={tags.isFetching} onClick={() => setAsked(repository)}>
            {t(tags.isFetching ? 'signIn.asking' : 'tags.show')}
          </Button>
        ) : (
          <SelectField
            id={id}
            fieldWidth="full"
            value={current}
            onChange={(event) => onChoose(`${repository}:${event.target.value}`)}
          >
            {!tags.data.includes(current) && (
              <option value={current}>{t('tags.choose', { count: tags.data.length })}</option>
            )}
            {tags.data.map((tag) => (
              <option key={tag}>{tag}</option>
            ))}
          </SelectField>
        )}
      </div>
      {tags.error !== null && <Hint tone="bad">{describeError(tags.error).title}</Hint>}
    </FormRow>
  );
}
