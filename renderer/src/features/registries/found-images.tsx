import { useState } from 'react';
import { describeError } from '../../lib/describe-error.ts';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Button } from '../../ui/button.tsx';
import { FormRow, Hint } from '../../ui/field.tsx';
import { useFoundImages } from './queries.ts';
import './registries.css';

interface FoundImagesProps {
  /** What is looked for, in the registry that it begins with or else Docker Hub. */
  readonly term: string;
  readonly insecure: boolean;
  readonly onChoose: (name: string) => void;
}

/** Looks for images in a registry, when a person asks it to: what is typed goes there. */
export function FoundImages({ term, insecure, onChoose }: FoundImagesProps) {
  const t = useText();
  const format = useFormat();
  const [asked, setAsked] = useState('');
  const found = useFoundImages(asked, insecure);
  return (
    <FormRow label={t('search.label')}>
      <div className="form-line">
        <Button icon="search" disabled={term === '' || found.isFetching} onClick={() => setAsked(term)}>
          {t(found.isFetching ? 'signIn.asking' : 'search.start')}
        </Button>
        {asked === '' && <Hint>{t('search.hint')}</Hint>}
        {found.data?.length === 0 && <Hint>{t('list.noneMatch', { search: asked })}</Hint>}
      </div>
      {found.error !== null && <Hint tone="bad">{describeError(found.error).title}</Hint>}
      {found.data !== undefined && found.data.length > 0 && (
        <ul className="found-images" aria-label={t('search.results')}>
          {found.data.map((image) => (
            <li key={image.name}>
              <button type="button" className="found-image" onClick={() => onChoose(image.name)}>
                <span className="text-medium ellipsis">{image.name}</span>
                {image.official && <span className="tag">{t('search.official')}</span>}
                <span className="text-3 text-small ellipsis grow">{image.description}</span>
                {image.stars > 0 && (
                  <span className="text-3 text-small">
                    {t('search.stars', { count: format.number(image.stars) })}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
    </FormRow>
  );
}
