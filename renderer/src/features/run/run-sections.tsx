import { useState } from 'react';
import { useText } from '../../messages/use-text.ts';
import { type TabOption, Tabs } from '../../ui/tabs.tsx';
import { BasicFields } from './basic-fields.tsx';
import type { RunFieldsProps } from './field-props.ts';
import { LifeFields } from './life-fields.tsx';
import { LimitFields } from './limit-fields.tsx';
import { StorageFields } from './mount-fields.tsx';
import { NetworkFields } from './network-fields.tsx';
import { ProgramFields } from './program-fields.tsx';
import { filledIn, RUN_SECTIONS, type RunSection } from './run-form.ts';
import { hasProblem } from './run-problems.ts';
import { SecurityFields } from './security-fields.tsx';

const SECTIONS = Object.keys(RUN_SECTIONS) as RunSection[];

/** The pages of the form. Each tells how much of it is filled in, and whether something on it is wrong. */
export function RunSections(fields: RunFieldsProps) {
  const t = useText();
  const [section, setSection] = useState<RunSection>('basics');
  const tabs = SECTIONS.map((value): TabOption<RunSection> => {
    const count = value === 'basics' ? 0 : filledIn(fields.form, value);
    return {
      value,
      label: t(`run.section.${value}`),
      ...(count > 0 && { count }),
      ...(hasProblem(fields.problems, value) && { problem: t('run.sectionProblem') }),
    };
  });
  return (
    <Tabs label={t('run.sections')} value={section} tabs={tabs} onChange={setSection}>
      <div className="form">
        <Section {...fields} section={section} />
      </div>
    </Tabs>
  );
}

function Section({ section, ...fields }: RunFieldsProps & { readonly section: RunSection }) {
  switch (section) {
    case 'basics':
      return <BasicFields {...fields} />;
    case 'program':
      return <ProgramFields {...fields} />;
    case 'storage':
      return <StorageFields {...fields} />;
    case 'network':
      return <NetworkFields {...fields} />;
    case 'limits':
      return <LimitFields {...fields} />;
    case 'security':
      return <SecurityFields {...fields} />;
    case 'life':
      return <LifeFields {...fields} />;
  }
}
