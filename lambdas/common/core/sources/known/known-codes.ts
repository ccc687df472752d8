import { OWN_CODES } from "../failure-codes.ts";
import { CREATORS_API_FAILURES } from "./creators-api/failure-codes.ts";
import { KEEPA_FAILURES } from "./keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "./paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "./product-page/failure-codes.ts";
import { SAMPLE_DATA_FAILURES } from "./sample-data/failure-codes.ts";
import { SP_API_FAILURES } from "./sp-api/failure-codes.ts";

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(OWN_CODES),
  ...[
    CREATORS_API_FAILURES,
    KEEPA_FAILURES,
    PAAPI_FAILURES,
    PRODUCT_PAGE_FAILURES,
    SAMPLE_DATA_FAILURES,
    SP_API_FAILURES,
  ].flatMap((table) => Object.keys(table)),
]);

/** What stands for the codes that no table has. */
const OTHER = "Other";

/**
 * A code where as many values as upstreams may invent cost money, such as a dimension of a metric: one that a table has, or
 * `Other`.
 */
export const boundedCode = (code: string): string => (KNOWN.has(code) ? code : OTHER);
