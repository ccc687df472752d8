import type { FailureClass } from "../../core/sources/failure-codes.ts";

/** The only possible failure is a shop that does not exist. */
const CLASSES: Readonly<Record<string, FailureClass>> = { MarketplaceNotServed: "permanent" };

/** Class of one of this source's codes. */
export const classifyError = (code: string): FailureClass => CLASSES[code] ?? "retriable";
