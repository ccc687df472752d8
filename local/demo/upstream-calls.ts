import { LocalError } from "../local-error.ts";
import { type CallReport, CallReportSchema } from "../upstreams/shared/server/call-report.ts";

/** What of an answer the figures of a run are made from. */
type Counted = Pick<CallReport, "total" | "by_status" | "ids_per_call" | "max_calls_in_any_second">;

/** What a run asked of an upstream. */
export interface CallFigures {
  readonly calls: number;
  /** Null when no call was made. */
  readonly mean_ids_per_call: number | null;
  /** Since the simulator began, not only in this run: the two cannot be separated. */
  readonly max_calls_in_any_second: number;
  /** Calls answered with 429. */
  readonly throttled: number;
}

/**
 * Reads what a simulator was asked so far.
 * @throws LocalError when it does not answer as it should.
 */
export const readCalls = async (controlUrl: string): Promise<CallReport> => {
  const response = await fetch(`${controlUrl.replace(/\/+$/, "")}/calls`, { signal: AbortSignal.timeout(10_000) });
  const parsed = CallReportSchema.safeParse(await response.json());
  if (!response.ok || !parsed.success) {
    throw new LocalError(`the simulator at ${controlUrl} gives no figures (status ${response.status})`);
  }
  return parsed.data;
};

const difference = (after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) =>
  Object.entries(after).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);

/** Figures of what lies between two readings of the same simulator. */
export const callsBetween = (before: Counted, after: Counted): CallFigures => {
  const histogram = difference(after.ids_per_call.histogram, before.ids_per_call.histogram);
  const counted = histogram.reduce((sum, [, count]) => sum + count, 0);
  const ids = histogram.reduce((sum, [size, count]) => sum + Number(size) * count, 0);
  const statuses = Object.fromEntries(difference(after.by_status, before.by_status));
  return {
    calls: after.total - before.total,
    mean_ids_per_call: counted === 0 ? null : ids / counted,
    max_calls_in_any_second: after.max_calls_in_any_second,
    throttled: statuses["429"] ?? 0,
  };
};
