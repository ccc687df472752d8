import * as z from "zod";

const Count = z.number().min(0);
const Counts = z.record(z.string(), Count);

/** What a simulator's `GET /calls` answers. Token calls are in `token_calls` and nowhere else. */
export const CallReportSchema = z.object({
  /** API calls that arrived, refused ones too. */
  total: Count,
  /** Calls by HTTP status of the answer; `aborted` where the client left before it. */
  by_status: Counts,
  /** Ids of the calls that asked for products by id and were let in. */
  ids_per_call: z.object({ mean: Count, histogram: Counts }),
  /** Most arrivals inside any 1,000 ms, wherever they begin; refused calls count. */
  max_calls_in_any_second: Count,
  max_calls_in_any_day: Count,
  first_at: z.iso.datetime().nullable(),
  last_at: z.iso.datetime().nullable(),
  token_calls: Count,
  token_calls_by_status: Counts,
  by_operation: z.record(z.string(), z.object({ total: Count, by_status: Counts, max_calls_in_any_second: Count })),
});
export type CallReport = z.infer<typeof CallReportSchema>;
