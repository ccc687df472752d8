import * as z from "zod";
import { CatalogStatusSchema } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { readStatus } from "../../api/watch-run.ts";
import { defineTool, READS } from "../tool.ts";
import { CatalogId } from "./inputs.ts";

/** `status`: how far a catalog is. */
export const status = defineTool({
  name: "status",
  title: "Status of a catalog",
  description:
    "Says how far a catalog's run is: products enriched, failed, pending and cancelled, what it waits for and what to do, and when it ends.",
  hints: READS,
  input: z.strictObject({ catalog_id: CatalogId }),
  output: CatalogStatusSchema,
  outside: ["failure"],
  run: ({ api }, { catalog_id }) => readStatus(api, catalog_id),
});
