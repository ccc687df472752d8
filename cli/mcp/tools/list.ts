import * as z from "zod";
import { CatalogSchema } from "../../../lambdas/common/core/contract/catalogs/catalog.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { defineTool, READS } from "../tool.ts";
import { pageInput, pageQuery } from "./inputs.ts";

/** A catalog without its columns, which can be hundreds: they are the user's own. */
const ListedCatalogSchema = CatalogSchema.omit({ columns: true, notes: true, marketplaces: true });

/** `list`: the catalogs of who is signed in. */
export const list = defineTool({
  name: "list",
  title: "List catalogs",
  description: "Lists the catalogs of the person who is signed in, newest first, with state and counts.",
  hints: READS,
  input: z.strictObject(pageInput()),
  output: pageOf(ListedCatalogSchema),
  outside: ["items[].name", "items[].failure"],
  run: ({ api }, input) => api.call({ path: "/catalogs", query: pageQuery(input), answer: pageOf(CatalogSchema) }),
});
