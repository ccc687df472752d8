import {
  type Rejected,
  type RejectedRow,
  RejectedRowSchema,
} from "../../lambdas/common/core/contract/catalogs/rejected.ts";
import { type Page, pageOf } from "../../lambdas/common/core/contract/page.ts";
import type { ApiClient } from "../api/api-client.ts";
import { inPath } from "../api/in-path.ts";
import { formatTable } from "../output/format-table.ts";
import type { Io } from "../output/io.ts";

/** Rows that a summary shows in words; `--json` has up to 100. */
const SHOWN = 10;

/** One page of a catalog's rejected rows. */
export const readRejected = (
  api: ApiClient,
  catalogId: string,
  page: { readonly limit: string; readonly cursor?: string | undefined },
): Promise<Page<RejectedRow>> =>
  api.call({
    path: `/catalogs/${inPath(catalogId)}/rejected`,
    query: { limit: page.limit, cursor: page.cursor },
    answer: pageOf(RejectedRowSchema),
  });

/** Rejected rows as a table. */
export const rejectedTable = (rows: readonly RejectedRow[]): string =>
  formatTable(
    ["line", "value", "reason"],
    rows.map(({ line, value, reason }) => [String(line), value, reason]),
  );

/**
 * Writes the first rejected rows and how to see all of them; nothing when there are none.
 * @param catalogId null on a dry run, which keeps no rows
 */
export const printRejected = (io: Io, rejected: Rejected, catalogId: string | null): void => {
  if (rejected.count === 0) return;
  const rows = rejected.rows.slice(0, SHOWN);
  io.out(`\nRejected rows:\n${rejectedTable(rows)}`);
  const more = rejected.count - rows.length;
  if (more > 0) io.out(`and ${more} more\n`);
  if (catalogId !== null) io.out(`Show them all, now or later: enrichline rejected ${catalogId}\n`);
  else if (more > 0) io.out(`--json gives the first ${rejected.rows.length}; after the upload all can be listed\n`);
  io.out("\n");
};
