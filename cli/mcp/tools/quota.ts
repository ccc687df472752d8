import * as z from "zod";
import { QuotaSchema } from "../../../lambdas/common/core/contract/operations/quota.ts";
import { defineTool, READS } from "../tool.ts";

/** `quota`: what each source has left. */
export const quota = defineTool({
  name: "quota",
  title: "Quota of the sources",
  description:
    "Says of each source its state, pace, what is used and left of the day, and what to do next. Spends nothing.",
  hints: READS,
  input: z.strictObject({}),
  output: QuotaSchema,
  outside: [],
  run: ({ api }) => api.call({ path: "/quota", answer: QuotaSchema }),
});
