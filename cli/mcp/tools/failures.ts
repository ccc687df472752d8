import * as z from "zod";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { type Failure, FailureSchema } from "../../../lambdas/common/core/contract/runs/failures.ts";
import { SOURCE_LICENCES } from "../../../lambdas/common/core/licences/source-licences.ts";
import { SourceIdSchema } from "../../../lambdas/common/core/source-ids.ts";
import { inPath } from "../../api/in-path.ts";
import { defineTool, READS } from "../tool.ts";
import { CatalogId, pageInput, pageQuery } from "./inputs.ts";

/** Whether a failure's words are our own: those of sources that set an end are never kept (D-227). */
const hasOwnWords = ({ source }: Failure): boolean => {
  if (source === null) return true;
  const known = SourceIdSchema.safeParse(source);
  return known.success && SOURCE_LICENCES[known.data].store_seconds !== null;
};

const ToldFailureSchema = FailureSchema.omit({ raw_code: true, message: true }).extend({
  message: z
    .string()
    .nullable()
    .describe("The failure in words; null where they are the source's own and product content is off."),
});

/** `failures`: what failed in a catalog's newest run, and why. */
export const failures = defineTool({
  name: "failures",
  title: "Failed products",
  description:
    "Lists a catalog's failed products with cause, source and attempts. status has their counts by error code; retry tries them again.",
  hints: READS,
  input: z.strictObject({
    catalog_id: CatalogId,
    error_code: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe("Only those with this code, such as NotFound; absent: all."),
    ...pageInput(),
  }),
  output: pageOf(ToldFailureSchema),
  outside: ["items[].message", "items[].error_code"],
  run: async ({ api, withContent }, { catalog_id, error_code, ...page }) => {
    const { items, next_cursor } = await api.call({
      path: `/catalogs/${inPath(catalog_id)}/failures`,
      query: { error_code, ...pageQuery(page) },
      answer: pageOf(FailureSchema),
    });
    return {
      items: items.map((failure) => ({
        ...failure,
        message: withContent || hasOwnWords(failure) ? failure.message : null,
      })),
      next_cursor,
    };
  },
});
