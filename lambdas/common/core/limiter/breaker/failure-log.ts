/** One failed call, as the item remembers it. */
interface LoggedFailure {
  readonly sequence: number;
  readonly atMs: number;
}

/** Failures that open the breaker when they fall within `FAILURE_WINDOW_MS`. */
const FAILURES_TO_OPEN = 5;
const FAILURE_WINDOW_MS = 60_000;

/** Reads the text form `sequence@ms,…`; an absent text has no failures. */
export const readFailures = (text: string | undefined): LoggedFailure[] =>
  (text ?? "")
    .split(",")
    .filter((entry) => entry !== "")
    .map((entry) => {
      const [sequence, at] = entry.split("@");
      return { sequence: Number(sequence), atMs: Number(at) };
    });

/** Writes the newest five failures; undefined when there are none, because an empty attribute is not stored. */
export const writeFailures = (failures: readonly LoggedFailure[]): string | undefined =>
  failures.length === 0
    ? undefined
    : failures
        .slice(-FAILURES_TO_OPEN)
        .map(({ sequence, atMs }) => `${sequence}@${atMs}`)
        .join(",");

/** Whether five failures fell into the last 60 s. */
export const opensBreaker = (failures: readonly LoggedFailure[], nowMs: number): boolean =>
  failures.filter(({ atMs }) => atMs > nowMs - FAILURE_WINDOW_MS).length >= FAILURES_TO_OPEN;
