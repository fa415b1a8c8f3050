/** What benches say: tables for people, and the same as JSON. */

/** A line of a table, by the titles of its columns. */
export type Row = Readonly<Record<string, string | number>>;

/** Takes what a bench has found. */
export interface Report {
  /** Adds a line to the table of this title. */
  row(title: string, row: Row): void;
}

/** Something that is measured. */
export interface Bench {
  readonly name: string;
  run(report: Report): Promise<void>;
}

const written = (value: string | number): string =>
  typeof value === 'string' || Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);

/** A table in Markdown. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((column) => written(row[column] ?? '–')))];
  return [`**${title}**`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`), ''].join('\n');
}
