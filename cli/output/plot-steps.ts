/** One step of a plot: a value from a time on; null: nothing is known. */
export interface PlotStep {
  readonly atMs: number;
  readonly value: number | null;
}

const WIDTH = 60;
const HEIGHT = 8;

/**
 * A small plot in steps, lines of text from top to bottom, with the highest and the lowest value at the left; a column
 * without a mark is a time in which nothing was known. Empty when there is no value.
 * @param steps in the order of time
 * @param untilMs end of the last step
 */
export const plotSteps = (steps: readonly PlotStep[], untilMs: number): string[] => {
  const values = steps.flatMap(({ value }) => value ?? []);
  const [first] = steps;
  if (first === undefined || values.length === 0) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const spanMs = Math.max(1, untilMs - first.atMs);
  const rowOf = (value: number): number =>
    high === low ? HEIGHT - 1 : Math.round(((high - value) / (high - low)) * (HEIGHT - 1));
  const columns = Array.from({ length: WIDTH }, (_, column) => {
    const atMs = first.atMs + (spanMs * (column + 0.5)) / WIDTH;
    const value = steps.findLast((step) => step.atMs <= atMs)?.value ?? null;
    return value === null ? null : rowOf(value);
  });
  const rows = high === low ? [HEIGHT - 1] : Array.from({ length: HEIGHT }, (_, row) => row);
  const label = (row: number): string => (row === 0 ? String(high) : row === HEIGHT - 1 ? String(low) : "");
  const margin = Math.max(...rows.map((row) => label(row).length));
  return rows.map((row) =>
    `${label(row).padStart(margin)} |${columns.map((at) => (at === row ? "▄" : " ")).join("")}`.trimEnd(),
  );
};
