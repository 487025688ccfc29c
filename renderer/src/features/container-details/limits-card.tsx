import type { ContainerSpec } from '@longshore/engine/types';
import { useFormat } from '../../lib/use-format.ts';
import { useText } from '../../messages/use-text.ts';
import { Card, Fact, Facts } from '../../ui/card.tsx';

export function LimitsCard({ spec }: { readonly spec: ContainerSpec }) {
  const t = useText();
  const format = useFormat();
  const { memoryBytes, cpus, pidsLimit, cpusetCpus, memoryReservationBytes } = spec.resources;
  const none = t('limits.none');
  return (
    <Card title={t('overview.limits')}>
      <Facts>
        <Fact name={t('run.memory')}>{memoryBytes === null ? none : format.memory(memoryBytes)}</Fact>
        {memoryReservationBytes !== null && (
          <Fact name={t('limits.reservation')}>{format.memory(memoryReservationBytes)}</Fact>
        )}
        <Fact name={t('run.cpus')}>{cpus === null ? none : format.number(cpus)}</Fact>
        {cpusetCpus !== null && (
          <Fact name={t('limits.cpuset')} mono>
            {cpusetCpus}
          </Fact>
        )}
        <Fact name={t('limits.pids')}>
          {pidsLimit === null || pidsLimit < 0 ? none : format.number(pidsLimit)}
        </Fact>
        <Fact name={t('limits.shm')}>{format.memory(spec.shmSizeBytes)}</Fact>
        <Fact name={t('limits.log')}>
          {t('limits.logFiles', { size: format.bytes(spec.log.maxSizeBytes), count: spec.log.maxFiles })}
        </Fact>
        {spec.ulimits.map((limit) => (
          <Fact key={limit.name} name={limit.name} mono>
            {limit.soft}:{limit.hard}
          </Fact>
        ))}
        {spec.capAdd.length > 0 && (
          <Fact name={t('limits.capAdd')} mono>
            {spec.capAdd.join(' ')}
          </Fact>
        )}
        {spec.capDrop.length > 0 && (
          <Fact name={t('limits.capDrop')} mono>
            {spec.capDrop.join(' ')}
          </Fact>
        )}
        <Fact name={t('limits.seccomp')}>
          {t(typeof spec.seccomp === 'object' ? 'seccomp.custom' : `seccomp.${spec.seccomp}`)}
        </Fact>
      </Facts>
    </Card>
  );
}
