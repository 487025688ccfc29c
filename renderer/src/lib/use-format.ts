import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { type Text, useText } from '../messages/use-text.ts';
import { formatBytes, formatExactBytes, formatMemory, formatPercent } from './bytes.ts';
import { agoOf, durationOf } from './time.ts';

/** Numbers and times as this person's language writes them. */
export interface Format {
  bytes(bytes: number): string;
  exactBytes(bytes: number): string;
  memory(bytes: number): string;
  percent(fraction: number): string;
  /** A processor's load: `38.4%`; more than one processor is more than 100%. */
  load(fraction: number): string;
  number(value: number): string;
  duration(milliseconds: number): string;
  /** A short time of any size: `12 ms`, `2.5 s`, `1 m 30 s`. */
  span(milliseconds: number): string;
  ago(iso: string, now: number): string;
  dateTime(iso: string): string;
  /** The time of day, with seconds. */
  timeOfDay(milliseconds: number): string;
  /** The same to the millisecond, as logs have it; before today with the day. */
  exactTimeOfDay(iso: string): string;
}

export function useFormat(): Format {
  const { locale } = useIntl();
  const text = useText();
  return useMemo(() => createFormat(locale, text), [locale, text]);
}

export function createFormat(locale: string, text: Text): Format {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const exactTime = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const load = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const number = new Intl.NumberFormat(locale);
  return {
    bytes: (bytes) => formatBytes(bytes, locale),
    exactBytes: (bytes) => formatExactBytes(bytes, locale),
    memory: (bytes) => formatMemory(bytes, locale),
    percent: (fraction) => formatPercent(fraction, locale),
    load: (fraction) => load.format(fraction),
    number: (value) => number.format(value),
    duration: (milliseconds) => formatDuration(milliseconds, text),
    span: (milliseconds) => formatSpan(milliseconds, text, number),
    ago: (iso, now) => {
      const { unit, value } = agoOf(now - Date.parse(iso));
      return text(`ago.${unit}`, { value });
    },
    timeOfDay: (milliseconds) => time.format(milliseconds),
    exactTimeOfDay: (iso) => {
      const moment = new Date(iso);
      const isToday = moment.toDateString() === new Date().toDateString();
      return isToday ? exactTime.format(moment) : `${day.format(moment)}, ${exactTime.format(moment)}`;
    },
    dateTime: (iso) => date.format(new Date(iso)),
  };
}

function formatDuration(milliseconds: number, text: Text): string {
  const { unit, ...values } = durationOf(milliseconds);
  return text(`duration.${unit}`, values);
}

const MINUTE = 60_000;

function formatSpan(milliseconds: number, text: Text, number: Intl.NumberFormat): string {
  if (milliseconds < 1000) return text('span.milliseconds', { value: Math.round(milliseconds) });
  if (milliseconds >= MINUTE) return formatDuration(milliseconds, text);
  return text('span.seconds', { value: number.format(Math.round(milliseconds / 100) / 10) });
}
