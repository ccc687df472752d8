import { CatalogProductSchema } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { inPath } from "../../api/in-path.ts";
import { EXIT, type ExitCode } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { printJson, type Session } from "../../run-command.ts";
import { moreHint } from "../page-options.ts";

/** Options of a catalog's list. */
export interface CatalogProductsOptions {
  readonly limit: string;
  readonly cursor?: string;
  readonly state?: string;
  readonly public?: boolean;
}

/** Lists a catalog's products with state, price and title. */
export const listCatalogProducts = async (
  { io, api, json }: Session,
  id: string,
  { limit, cursor, state, public: isPublic }: CatalogProductsOptions,
): Promise<ExitCode> => {
  const path = `/catalogs/${inPath(id)}/products`;
  const page = await api.call({
    path,
    query: { limit, cursor, state, public: isPublic ? "true" : undefined },
    answer: pageOf(CatalogProductSchema),
  });
  if (json) printJson(io, page);
  else {
    const rows = page.items.map(({ asin, state, error_code, source, product }) => [
      asin,
      error_code ?? state,
      source ?? "-",
      product?.current_price ? `${product.current_price} ${product.currency ?? ""}`.trim() : "-",
      product?.availability_type ?? "-",
      product?.title ?? "-",
    ]);
    io.out(formatTable(["asin", "state", "source", "price", "availability", "title"], rows));
    io.err(moreHint(page.next_cursor));
  }
  return EXIT.OK;
};
