import { useState } from 'react';
import type { ProbeResult } from '@longshore/engine/types';
import { useEngine } from '../../bridge/index.ts';

/** Stands for this machine among the names of containers, which never are empty. */
export const MACHINE = '';

/** Stands for a host that is no container here. */
export const OTHER_HOST = '*';

/** Can A reach port P of B? */
export interface Question {
  readonly from: string;
  readonly to: string;
  /** Where `to` is OTHER_HOST. */
  readonly host: string;
  readonly port: string;
}

export interface Reach {
  readonly question: Question;
  /** What was found out about just this question; null before it was asked. */
  readonly answer: { readonly result: ProbeResult } | { readonly error: unknown } | null;
  readonly busy: boolean;
  readonly ready: boolean;
  readonly change: (part: Partial<Question>) => void;
  readonly test: () => void;
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** One question at a time; another question forgets the answer. */
export function useReach(initial: Partial<Question> = {}): Reach {
  const engine = useEngine();
  const [question, setQuestion] = useState<Question>({
    from: MACHINE,
    to: '',
    host: '',
    port: '',
    ...initial,
  });
  const [answer, setAnswer] = useState<Reach['answer']>(null);
  const [busy, setBusy] = useState(false);
  const hasTarget = question.to === OTHER_HOST ? question.host.trim() !== '' : question.to !== '';
  const ready = hasTarget && isPort(question.port.trim()) && !busy;
  const ask = async () => {
    setBusy(true);
    setAnswer(null);
    try {
      const result = await engine.networks.probe({
        ...(question.from !== MACHINE && { from: question.from }),
        to: question.to === OTHER_HOST ? { host: question.host.trim() } : { container: question.to },
        port: Number(question.port),
      });
      setAnswer({ result });
    } catch (error) {
      setAnswer({ error });
    }
    setBusy(false);
  };
  return {
    question,
    answer,
    busy,
    ready,
    change: (part) => {
      setQuestion((before) => ({ ...before, ...part }));
      setAnswer(null);
    },
    test: () => void ask(),
  };
}
