import type { IngestReport } from "../common/core/catalogs/ingest/ingest-report.ts";
import { ValidationError } from "../common/core/errors.ts";

/** Bad rows named in the words about a file without a good one. */
const NAMED_ROWS = 3;

/** The refusal of a file in which no row is usable; names the first of them. */
export const noValidProducts = ({ rejects }: Pick<IngestReport, "rejects">): ValidationError =>
  new ValidationError("No row holds a usable ASIN or product address, so nothing was stored.", {
    code: "no_valid_products",
    errors: rejects.slice(0, NAMED_ROWS).map(({ line, reason }) => ({ field: `line ${line}`, problem: reason })),
  });
