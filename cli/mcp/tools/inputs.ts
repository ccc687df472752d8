import * as z from "zod";

/** Items a page: so many fit into an answer with their longest texts. */
const MAX_PAGE = 25;

/** The catalog that is meant. */
export const CatalogId = z
  .string()
  .regex(/^cat_[0-9A-Za-z]{1,40}$/, "It must be a catalog id, such as list gives: cat_ and 16 characters.")
  .describe("Id of the catalog, as list gives it: cat_ and 16 characters.");

/** Which page of a list, in every tool that lists. */
export const pageInput = (most = MAX_PAGE) => ({
  limit: z.number().int().min(1).max(most).default(Math.min(20, most)).describe(`Items a page, 1 to ${most}.`),
  cursor: z.string().min(1).max(2_000).optional().describe("next_cursor of the page before; absent: the first page."),
});

/** A page's query of the API. */
export const pageQuery = ({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) => ({
  limit: String(limit),
  cursor,
});
