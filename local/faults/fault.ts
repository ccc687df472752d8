import type { AwsCall } from "./aws-call.ts";
import type { Seeded } from "./seeded.ts";

/** An answer that AWS never gave: the call has no effect. */
export interface FaultAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A call that reaches AWS late. */
export interface HeldCall {
  readonly holdMs: number;
}

/** A call that reaches AWS otherwise than it was made. */
export interface ChangedCall {
  /** What is sent instead. */
  readonly body: Buffer;
  /** Makes the answer that the caller gets. @default as it is */
  readonly answer?: (body: Buffer) => Buffer;
}

/**
 * What happens to a call. `lose-answer`: it takes effect, but the line is cut before the answer. `twice`: it takes effect
 * twice, and the first answer counts. `cut`: the line is cut at once. `hang`: nobody ever answers.
 */
export type Fault = FaultAnswer | HeldCall | ChangedCall | "lose-answer" | "twice" | "cut" | "hang";

/** A kind of trouble: which calls it meets, and how. */
export interface Trouble {
  readonly name: string;
  /** Share of the calls that it meets, 0 to 1. */
  readonly share: number;
  /** Calls that it is applied to at most. @default no end */
  readonly most?: number;
  readonly meets: (call: AwsCall) => boolean;
  readonly fault: (call: AwsCall, random: Seeded) => Fault;
}

/** Whether the call never reaches AWS. */
export const isMadeHere = (fault: Fault | undefined): fault is FaultAnswer | "cut" | "hang" =>
  fault === "cut" || fault === "hang" || (typeof fault === "object" && "status" in fault);

export const isHeld = (fault: Fault | undefined): fault is HeldCall => typeof fault === "object" && "holdMs" in fault;

export const isChanged = (fault: Fault | undefined): fault is ChangedCall =>
  typeof fault === "object" && "body" in fault && typeof fault.body !== "string";
