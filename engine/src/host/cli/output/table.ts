const GAP = 3;

/** Left-aligned columns as wide as their widest cell, as docker(1) prints them. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) => formatLine(line, widths)).join('\n');
}

function formatLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP))
    .join('')
    .trimEnd();
}
