import * as z from "zod";

const TallySchema = z.object({
  writeUnits: z.number(),
  readUnits: z.number(),
  /** Write units by table and operation. */
  writes: z.record(z.string(), z.number()),
  /** By `service:operation`. */
  requests: z.record(z.string(), z.number()),
  invocations: z.number(),
  /** Time in which functions ran. */
  functionSeconds: z.number(),
  logBytes: z.number(),
  /** Upstream calls. */
  calls: z.number(),
  /** From the upload to the end of the run. */
  seconds: z.number(),
});
/** What was counted up to a moment. */
export type Tally = z.infer<typeof TallySchema>;

/** What a run of one size took. */
export const UsageSchema = TallySchema.extend({
  products: z.number(),
  /** Products that were extrapolated from those around them. */
  leftOut: z.number(),
  /** By how much a product cost more or less in writes after those left out than before, as a share. */
  drift: z.number(),
});
export type Usage = z.infer<typeof UsageSchema>;

type Counted = Readonly<Record<string, number>>;

const combineEach = (a: Counted, b: Counted, by: (a: number, b: number) => number): Counted =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, by(a[name] ?? 0, b[name] ?? 0)]),
  );

const combine = (a: Tally, b: Tally, by: (a: number, b: number) => number): Tally => ({
  writeUnits: by(a.writeUnits, b.writeUnits),
  readUnits: by(a.readUnits, b.readUnits),
  writes: combineEach(a.writes, b.writes, by),
  requests: combineEach(a.requests, b.requests, by),
  invocations: by(a.invocations, b.invocations),
  functionSeconds: by(a.functionSeconds, b.functionSeconds),
  logBytes: by(a.logBytes, b.logBytes),
  calls: by(a.calls, b.calls),
  seconds: by(a.seconds, b.seconds),
});

export const sumOf = (a: Tally, b: Tally): Tally => combine(a, b, (one, other) => one + other);
export const differenceOf = (later: Tally, earlier: Tally): Tally => combine(later, earlier, (b, a) => b - a);
export const timesOf = (tally: Tally, factor: number): Tally => combine(tally, NOTHING, (one) => one * factor);

export const NOTHING: Tally = {
  writeUnits: 0,
  readUnits: 0,
  writes: {},
  requests: {},
  invocations: 0,
  functionSeconds: 0,
  logBytes: 0,
  calls: 0,
  seconds: 0,
};
