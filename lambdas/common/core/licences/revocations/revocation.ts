import * as z from "zod";
import { isoTime } from "../../clock.ts";
import { IsoTimeSchema } from "../../iso-time.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import type { RevokedSources } from "./without-revoked.ts";

const Count = z.number().int().min(0);

/** Id of a revocation: `rev_` and 16 random characters. */
export const RevocationIdSchema = z
  .string()
  .regex(/^rev_[0-9a-hjkmnp-tv-z]{16}$/, "a revocation id is rev_ + 16 characters");

/**
 * `removing`: what is stored goes. `settling`: it is gone, and a last pass will remove what was being written meanwhile.
 * `done`: that is gone too. In these three the source is neither asked nor given out. `cancelled`, `lifted`: ended by an
 * operator before and after it was done; the source may be asked again.
 */
export const RevocationStateSchema = z.enum(["removing", "settling", "done", "cancelled", "lifted"]);
export type RevocationState = z.infer<typeof RevocationStateSchema>;

/** What a pass goes through, in order. */
export const REVOCATION_STEPS = ["products", "history", "raw", "exports"] as const;

/** What was removed so far. A piece that a crash repeats counts what was still there. */
export const RemovedContentSchema = z.object({
  products: Count.describe("Products that lost a field."),
  fields: Count.describe("Fields removed from them."),
  changes: Count.default(0).describe("Recorded changes of products."),
  raw_answers: Count.describe("Stored raw answers."),
  exports: Count.describe("Exports whose files held a field of it."),
});
export type RemovedContent = z.infer<typeof RemovedContentSchema>;

/** A row of the partition `revocations` in `content-ends`: one source whose content must go, and how far that is. */
export const RevocationSchema = z.object({
  revocation_id: RevocationIdSchema,
  source: SourceIdSchema,
  state: RevocationStateSchema,
  /** User who asked for it. */
  requested_by: z.string(),
  created_at: IsoTimeSchema,
  updated_at: IsoTimeSchema,
  /** When the last pass begins: by then every write that was under way at the start has ended. */
  settle_at: IsoTimeSchema,
  /** When all was gone; null before. */
  finished_at: IsoTimeSchema.nullable(),
  /** When an operator ended it; null while it holds. */
  ended_at: IsoTimeSchema.nullable(),
  /** 1, and 2 for the last pass. */
  pass: z.union([z.literal(1), z.literal(2)]),
  step: z.enum(REVOCATION_STEPS),
  /** Key after which the step continues; null: from the beginning. */
  after: z.string().nullable(),
  /** Products looked through in this pass. */
  products_read: Count,
  removed: RemovedContentSchema,
  /** The pass that has it for itself, so that what goes is counted once; null: none has. */
  lease_owner: z.string().nullable().default(null),
  lease_until: IsoTimeSchema.nullable().default(null),
  /** Rises with every write. */
  version: Count,
});
export type Revocation = z.infer<typeof RevocationSchema>;

/** Lambda ends every function within 15 minutes, and each learns of a revocation within a minute. */
const SETTLE_MS = 16 * 60_000;

/** Time limit of the function that carries revocations out. */
export const SWEEP_SECONDS = 120;
/** No pass lives longer than its function. */
const LEASE_MS = SWEEP_SECONDS * 1_000;
/** Most that the clocks of two instances differ by. */
const SKEW_MS = 1_000;
/** Longest that a revocation is left to itself: one that takes longer does not come on. */
const WORKS_FOR_MS = 24 * 3_600_000;

/** A new revocation. */
export const newRevocation = (
  asked: Pick<Revocation, "revocation_id" | "source" | "requested_by">,
  nowMs: number,
): Revocation => {
  const now = isoTime(nowMs);
  return {
    ...asked,
    state: "removing",
    created_at: now,
    updated_at: now,
    settle_at: isoTime(nowMs + SETTLE_MS),
    finished_at: null,
    ended_at: null,
    pass: 1,
    step: "products",
    after: null,
    products_read: 0,
    removed: { products: 0, fields: 0, changes: 0, raw_answers: 0, exports: 0 },
    ...{ lease_owner: null, lease_until: null },
    version: 0,
  };
};

/** Whether the source is revoked by it. */
export const isInForce = ({ ended_at }: Revocation): boolean => ended_at === null;

/** Whether there is something to remove now. */
export const isWorkable = ({ state, settle_at }: Revocation, nowMs: number): boolean =>
  state === "removing" || (state === "settling" && nowMs >= Date.parse(settle_at));

/** The revocation with a pass that has it for itself from now on. */
export const leasedBy = (revocation: Revocation, lease_owner: string, nowMs: number): Revocation => ({
  ...revocation,
  lease_owner,
  lease_until: isoTime(nowMs + LEASE_MS),
});

/** The revocation as any pass may take it. */
export const released = (revocation: Revocation): Revocation => ({
  ...revocation,
  lease_owner: null,
  lease_until: null,
});

/** Whether a pass has it now. A lease longer than one can be is of a clock that was moved, and holds nobody. */
export const isLeased = ({ lease_until }: Revocation, nowMs: number): boolean => {
  const leftMs = lease_until === null ? 0 : Date.parse(lease_until) - nowMs;
  return leftMs > 0 && leftMs <= LEASE_MS + SKEW_MS;
};

/** Sources whose revocation works, as it should within a day: its passes remove what there is, and count it. */
export const workingSources = (revocations: readonly Revocation[], nowMs: number): RevokedSources => {
  const works = (one: Revocation): boolean =>
    isInForce(one) && one.state !== "done" && nowMs - Date.parse(one.created_at) < WORKS_FOR_MS;
  return new Set(revocations.filter(works).map(({ source }) => source));
};

/** Revoked sources that no revocation works on; each sweep removes what it finds of them. */
export const goneSources = (revocations: readonly Revocation[], nowMs: number): RevokedSources => {
  const working = workingSources(revocations, nowMs);
  const revoked = revocations.filter(isInForce).map(({ source }) => source);
  return new Set(revoked.filter((source) => !working.has(source)));
};

/** The revocation with what was removed besides. */
export const withRemoved = (revocation: Revocation, more: Partial<RemovedContent>): Revocation => {
  const { products, fields, changes, raw_answers, exports } = revocation.removed;
  const removed = {
    products: products + (more.products ?? 0),
    fields: fields + (more.fields ?? 0),
    changes: changes + (more.changes ?? 0),
    raw_answers: raw_answers + (more.raw_answers ?? 0),
    exports: exports + (more.exports ?? 0),
  };
  return { ...revocation, removed };
};

/** The revocation after a step came to its end: at the next step, at the wait for the last pass, or done. */
export const afterStep = (revocation: Revocation, nowMs: number): Revocation => {
  const next = REVOCATION_STEPS[REVOCATION_STEPS.indexOf(revocation.step) + 1];
  if (next !== undefined) return { ...revocation, step: next, after: null };
  if (revocation.pass === 1) {
    return { ...revocation, state: "settling", pass: 2, step: "products", after: null, products_read: 0 };
  }
  return { ...revocation, state: "done", after: null, finished_at: isoTime(nowMs) };
};
