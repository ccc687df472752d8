import type { SourceId } from "../../source-ids.ts";
import type { FailureTable } from "../failure-codes.ts";
import { CREATORS_API_FAILURES } from "./creators-api/failure-codes.ts";
import { KEEPA_FAILURES } from "./keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "./paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "./product-page/failure-codes.ts";
import { SAMPLE_DATA_FAILURES } from "./sample-data/failure-codes.ts";
import { SP_API_FAILURES } from "./sp-api/failure-codes.ts";

/** Every code that a source may give, by source. */
export const SOURCE_FAILURES: Readonly<Record<SourceId, FailureTable>> = {
  "creators-api": CREATORS_API_FAILURES,
  paapi: PAAPI_FAILURES,
  "sp-api": SP_API_FAILURES,
  keepa: KEEPA_FAILURES,
  "product-page": PRODUCT_PAGE_FAILURES,
  "sample-data": SAMPLE_DATA_FAILURES,
};
