import * as z from "zod";
import { AsinSchema } from "../products/asin.ts";

/** Days for which jobs are kept. */
export const JOB_DAYS = 90;

/** State of a job. `skipped`: no call was made, and `skip_reason` says why. */
export const RefreshJobStatusSchema = z.enum(["pending", "running", "success", "failed", "skipped"]);
export type RefreshJobStatus = z.infer<typeof RefreshJobStatusSchema>;

/** What came of one product of a job. */
export const RefreshOutcomeSchema = z.enum([
  "pending",
  "refreshed",
  "unavailable",
  "fresh",
  "gone",
  "failed",
  "skipped",
]);
export type RefreshOutcome = z.infer<typeof RefreshOutcomeSchema>;

/** Why a job made no call. */
export const SkipReasonSchema = z.enum([
  "circuit_open",
  "source_paused",
  "daily_quota_used",
  "no_source_configured",
  "marketplace_disabled",
  "no_slot_in_time",
  "not_served_in_its_hour",
  "nothing_due",
]);
export type SkipReason = z.infer<typeof SkipReasonSchema>;

/** One product of a job. */
export const RefreshJobProductSchema = z.object({
  asin: AsinSchema.describe("The product."),
  outcome: RefreshOutcomeSchema.describe(
    "`refreshed`: fetched and stored; `unavailable`: no source has it any more; `fresh`: somebody else had fetched it meanwhile; `gone`: it is stored no more.",
  ),
  error_code: z.string().nullable().describe("Code of the failure; null: none."),
  changed: z
    .array(z.enum(["price", "availability", "status"]))
    .describe("What was seen to change, where the licences of both sources allow to record it; the status is ours."),
});
export type RefreshJobProduct = z.infer<typeof RefreshJobProductSchema>;

/** One upstream call of the daily refresh. It holds keys and outcomes, never content. */
export const RefreshJobSchema = z.object({
  refresh_date: z.iso.date().describe("Day on which it was planned, UTC."),
  job_id: z.string().describe("Hour in which it was planned and its number, such as 2026-11-30T14-0001."),
  marketplace: z.string().describe("Shop of its products."),
  status: RefreshJobStatusSchema.describe("State of the call."),
  products: z.array(RefreshJobProductSchema).describe("Its products; 10 where the source takes as many."),
  scheduled_at: z.iso.datetime().describe("When it was planned."),
  started_at: z.iso.datetime().nullable().describe("When it was taken up first; null: it was not."),
  completed_at: z.iso.datetime().nullable().describe("When it ended; null: it has not."),
  retry_count: z.number().int().min(0).describe("How often it was tried again, in place or later in its hour."),
  error_code: z.string().nullable().describe("Code of the first failure; null: none."),
  error_message: z.string().nullable().describe("The same in words."),
  circuit_breaker_state: z
    .enum(["closed", "open", "half-open"])
    .nullable()
    .describe("Breaker of the first source that serves the shop, as of the last change; null: none is configured."),
  skip_reason: SkipReasonSchema.nullable().describe("Why no call was made; null: one was, or will be."),
});
export type RefreshJob = z.infer<typeof RefreshJobSchema>;

/** A job as it is stored. */
export const StoredRefreshJobSchema = RefreshJobSchema.extend({
  /** Hour of its plan, such as `2026-11-30T14`. */
  planned_hour: z.string(),
  /** Rises with every new message; older ones are dropped. */
  generation: z.number().int().min(1),
  /** From then on it is not served any more: the next plan has its products. ISO time. */
  valid_until: z.iso.datetime(),
  lease_owner: z.string().optional(),
  lease_until: z.iso.datetime().optional(),
  expires_at: z.number().int(),
});
export type StoredRefreshJob = z.infer<typeof StoredRefreshJobSchema>;

/** Whether nothing more happens to a job. */
export const isSettled = ({ status }: Pick<RefreshJob, "status">): boolean =>
  status !== "pending" && status !== "running";

/** Whether a worker holds it. */
export const isHeld = ({ lease_until }: Pick<StoredRefreshJob, "lease_until">, now: string): boolean =>
  lease_until !== undefined && lease_until > now;
