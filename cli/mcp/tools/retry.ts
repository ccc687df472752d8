import * as z from "zod";
import { RetryReportSchema, RetrySchema } from "../../../lambdas/common/core/contract/runs/retry.ts";
import { previewRetry, retryFailures } from "../../api/retry-failures.ts";
import { ADDS, defineTool } from "../tool.ts";
import { CatalogId } from "./inputs.ts";
import { Confirm, confirmation, OutcomeSchema } from "./outcome.ts";

/** ASINs as people write them; the API judges them. */
const Asins = z.array(z.string().min(10).max(13)).min(1).max(1_000);

/** `retry`: tries failed products again, after asking. */
export const retry = defineTool({
  name: "retry",
  title: "Retry failed products",
  description:
    "Tries a catalog's failed products again: all, or those chosen. Asks the person first, or answers a preview with a token (outcome needs_confirmation) that a second call brings as confirm. Nothing is changed before that.",
  hints: ADDS,
  input: z.strictObject({
    catalog_id: CatalogId,
    error_codes: RetrySchema.shape.error_codes,
    asins: Asins.optional().describe("Only these products, 1 to 1,000; absent: all."),
    confirm: Confirm,
  }),
  output: z.object({
    ...OutcomeSchema.shape,
    report: RetryReportSchema.omit({ next_cursor: true }).describe(
      "What was reopened; unless outcome is done, what would be: matched, by_error_code and estimate.",
    ),
  }),
  outside: ["report.by_error_code[].error_code"],
  run: async ({ api, askFirst }, { catalog_id, error_codes, asins, confirm }) => {
    const choice = { errorCode: error_codes, asin: asins };
    const preview = await previewRetry(api, catalog_id, choice);
    const question = `Retry ${preview.matched} failed products of catalog ${catalog_id}?`;
    const answered = await askFirst(question, { tool: "retry", catalog_id, error_codes, asins }, confirm);
    if (answered.outcome !== "confirmed") return { ...confirmation(answered), report: preview };
    return { ...confirmation(answered), report: await retryFailures(api, catalog_id, choice) };
  },
});
