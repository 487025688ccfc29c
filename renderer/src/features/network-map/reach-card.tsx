import { useText } from '../../messages/use-text.ts';
import { Card } from '../../ui/card.tsx';
import { ReachForm } from './reach-form.tsx';
import { useReach } from './use-reach.ts';

interface ReachCardProps {
  /** Containers that run, the ones that matter here first. */
  readonly names: readonly string[];
}

/** Answers whether one of them can be reached, by trying it. */
export function ReachCard({ names }: ReachCardProps) {
  const t = useText();
  const reach = useReach({ from: names[1] ?? '', to: names[0] ?? '' });
  return (
    <Card title={t('reach.title')}>
      <ReachForm reach={reach} names={names} />
    </Card>
  );
}
