import { useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Card, Fact, Facts } from '../ui/card.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Chip } from '../ui/chip.tsx';
import { same } from '../features/commands/action-command.ts';
import { CommandView } from '../features/commands/command-view.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { FormRow, Hint, Kbd, SearchField, SelectField, TextField } from '../ui/field.tsx';
import { Icon, type IconName, type ShapeName, StateShape, type Tone } from '../ui/icon.tsx';
import { ICONS } from '../ui/icon-paths.tsx';
import { SHAPES } from '../ui/shape-paths.tsx';
import { Menu } from '../ui/menu.tsx';
import { Meter } from '../ui/meter.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import './gallery.css';

const TONES: readonly Tone[] = ['ok', 'warn', 'bad', 'info', 'idle'];
const nothing = () => undefined;

/** Every component in every state, in both themes side by side. Development only; its words are not translated. */
export function Gallery() {
  return (
    <div className="gallery">
      <div data-theme="dark" className="gallery-theme">
        <Parts />
      </div>
      <div data-theme="light" className="gallery-theme">
        <Parts />
      </div>
    </div>
  );
}

function Parts() {
  return (
    <>
      <Buttons />
      <Fields />
      <States />
      <Messages />
    </>
  );
}

function Buttons() {
  const [choice, setChoice] = useState('all');
  return (
    <Card title="Buttons">
      <div className="gallery-line">
        {(['default', 'primary', 'quiet', 'danger'] as const).map((variant) => (
          <Button key={variant} variant={variant} icon="play">
            {variant}
          </Button>
        ))}
        <Button disabled icon="play">
          disabled
        </Button>
        <Button variant="quiet" pressed icon="wrap">
          pressed
        </Button>
        <Button small>small</Button>
        <IconButton icon="copy" label="Copy" />
        <IconButton icon="copy" label="Copy" disabled />
        <Menu
          trigger={<IconButton icon="kebab" label="More" />}
          entries={[
            { label: 'Start', icon: 'play', onSelect: nothing },
            { label: 'Disabled', disabled: true, onSelect: nothing },
            { kind: 'toggle', label: 'Checked', checked: true, onSelect: nothing },
            { kind: 'separator' },
            { label: 'Delete', icon: 'trash', danger: true, onSelect: nothing },
          ]}
        />
        <Kbd>Ctrl K</Kbd>
      </div>
      <Segmented
        label="Filter"
        value={choice}
        onChange={setChoice}
        options={[
          { value: 'all', label: 'All', count: '17' },
          { value: 'running', label: 'Running', count: '12' },
        ]}
      />
    </Card>
  );
}

function Fields() {
  const [search, setSearch] = useState('');
  const [checked, setChecked] = useState(true);
  return (
    <Card title="Fields">
      <div className="gallery-line">
        <SearchField value={search} label="Filter" shortcut="/" onChange={setSearch} />
        <Checkbox checked={checked} labelled label="Checked" onChange={setChecked} />
        <Checkbox checked="mixed" label="Mixed" onChange={nothing} />
        <Checkbox checked={false} label="Off" onChange={nothing} />
      </div>
      <div className="form">
        <FormRow label="Valid">
          <TextField aria-label="Valid" defaultValue="nginx:1.27-alpine" />
          <Hint tone="ok">On this machine.</Hint>
        </FormRow>
        <FormRow label="Invalid">
          <TextField aria-label="Invalid" invalid defaultValue="Nginx!" />
          <Hint tone="bad">This is not an image name.</Hint>
        </FormRow>
        <FormRow label="Select">
          <SelectField aria-label="Select">
            <option>read only</option>
          </SelectField>
        </FormRow>
      </div>
    </Card>
  );
}

function States() {
  return (
    <Card title="States">
      <div className="gallery-line">
        {TONES.map((tone) => (
          <Chip key={tone} tone={tone} shape="running">
            {tone}
          </Chip>
        ))}
      </div>
      <div className="gallery-line">
        {(Object.keys(SHAPES) as ShapeName[]).map((shape) => (
          <StateShape key={shape} shape={shape} tone="info" />
        ))}
      </div>
      <div className="gallery-line">
        {(Object.keys(ICONS) as IconName[]).map((name) => (
          <Icon key={name} name={name} />
        ))}
      </div>
      <Meter size="thick" tone="info" progress fraction={0.72} label="Progress" />
      <Facts>
        <Fact name="Command" mono>
          nginx -g &apos;daemon off;&apos;
        </Fact>
      </Facts>
    </Card>
  );
}

function Messages() {
  return (
    <Card title="Messages">
      <ErrorNotice
        title="The image is in use."
        hint="Delete its containers first."
        details="error: conflict"
      />
      <CommandView command={same('run', '-d', 'nginx:1.27-alpine')} />
      <EmptyState title="Nothing found" text="Nothing matches “zzz”." />
      <SkeletonRows label="Loading" note="Still waiting for the engine, 4 s" />
    </Card>
  );
}
