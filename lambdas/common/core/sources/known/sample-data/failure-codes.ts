import { classifyWith, type FailureTable } from "../../failure-codes.ts";

/** Codes that the sample data gives: the only possible failure is a shop that does not exist. */
export const SAMPLE_DATA_FAILURES: FailureTable = { MarketplaceNotServed: "permanent" };

/** Class of one of this source's codes. */
export const classifySampleData = classifyWith(SAMPLE_DATA_FAILURES);
