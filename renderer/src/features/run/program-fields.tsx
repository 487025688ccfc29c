import type { RunFieldsProps } from './field-props.ts';
import { FieldGrid, InputCell, InputRow, Switches } from './form-fields.tsx';
import { NameValueRows } from './rows.tsx';

export function ProgramFields(fields: RunFieldsProps) {
  return (
    <>
      <InputRow
        fields={fields}
        field="entrypoint"
        label="run.entrypoint"
        placeholder="run.entrypointPlaceholder"
        mono
      />
      <FieldGrid label="run.runAs">
        <InputCell fields={fields} field="user" label="run.user" placeholder="run.userPlaceholder" mono />
        <InputCell fields={fields} field="groups" label="run.groups" placeholder="run.several" mono />
        <InputCell fields={fields} field="workingDir" label="run.workingDir" mono />
        <InputCell
          fields={fields}
          field="platform"
          label="builds.platform"
          placeholder="builds.platformExample"
          mono
        />
      </FieldGrid>
      <Switches fields={fields} label="run.options" switches={[['init', 'run.init']]} />
      <NameValueRows
        fields={fields}
        field="labels"
        label="overview.labels"
        add="run.addLabel"
        name="run.labelName"
        value="run.envValue"
      />
      <NameValueRows
        fields={fields}
        field="annotations"
        label="run.annotations"
        add="run.addAnnotation"
        name="run.annotationName"
        value="run.envValue"
      />
    </>
  );
}
