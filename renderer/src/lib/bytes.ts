const DECIMAL_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

/** Sizes on disk and on the wire, in powers of 1000 and three digits: `48.3 MB`. */
export function formatBytes(bytes: number, locale = 'en'): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be shown as 1000: it goes to the next unit.
  while (value >= 999.5 && unit < DECIMAL_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: DECIMAL_UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'narrow' : 'short',
    ...(unit > 0 && { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }),
  })
    .format(value)
    .replace(/(\d)([A-Za-z])/, '$1 $2');
}

/** All digits, where bytes are deleted: `2,147,483,648`. */
export function formatExactBytes(bytes: number, locale = 'en'): string {
  return new Intl.NumberFormat(locale).format(bytes);
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Memory, in powers of 1024 because limits are given so: `256 MiB`. The units are symbols, the same in all languages. */
export function formatMemory(bytes: number, locale = 'en'): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BINARY_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: value >= 1000 ? 4 : 3 }).format(
    value,
  );
  return `${number} ${BINARY_UNITS[unit] ?? 'B'}`;
}

export function formatPercent(fraction: number, locale = 'en'): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(fraction);
}
