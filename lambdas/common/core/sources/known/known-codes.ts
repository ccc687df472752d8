import { OWN_CODES } from "../failure-codes.ts";
import { SOURCE_FAILURES } from "./source-failures.ts";

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(OWN_CODES),
  ...Object.values(SOURCE_FAILURES).flatMap((table) => Object.keys(table)),
]);

/** What stands for the codes that no table has. */
const OTHER = "Other";

/**
 * A code where as many values as upstreams may invent cost money, such as a dimension of a metric: one that a table has, or
 * `Other`.
 */
export const boundedCode = (code: string): string => (KNOWN.has(code) ? code : OTHER);
