import type { CallOutcome } from "./rate-limiter.ts";

/** How a slot ended: a call was made in it, or it was given back. */
export type SlotEnd =
  | { readonly kind: "used"; readonly outcome: CallOutcome }
  | { readonly kind: "given back"; readonly why: "late" | "unused" };
