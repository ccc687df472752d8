import * as z from "zod";
import { SourceQuotaSchema } from "../../lambdas/common/core/contract/operations/quota.ts";
import type { Progress } from "./output/render-progress.ts";

/** The part of `GET /quota` that the demo shows; the rest of the answer is left alone. */
const QuotaSchema = z.object({
  sources: z.array(SourceQuotaSchema.pick({ source: true, used_today: true, left_today: true })),
});

/**
 * What `source` used of its day, from the answer of `GET /quota`.
 * @returns null when the answer does not say
 */
export const readQuota = (answer: unknown, source: string): Progress["quota"] => {
  const parsed = QuotaSchema.safeParse(answer);
  const found = parsed.success ? parsed.data.sources.find((quota) => quota.source === source) : undefined;
  if (!found) return null;
  return { used: found.used_today, limit: found.left_today === null ? null : found.used_today + found.left_today };
};
