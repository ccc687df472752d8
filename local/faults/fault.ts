import type { AwsCall } from "./aws-call.ts";
import type { Seeded } from "./seeded.ts";

/** An answer that AWS never gave: the call has no effect. */
export interface FaultAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A call that reaches AWS otherwise than it was made. */
export interface ChangedCall {
  /** Held back so long before it continues. @default 0 */
  readonly holdMs?: number;
  /** What is sent instead. @default as it came */
  readonly body?: Buffer;
  /** How often it is sent; the first answer counts. @default 1 */
  readonly times?: number;
  /** Makes the answer that the caller gets. @default as it is */
  readonly answer?: (body: Buffer) => Buffer;
}

/**
 * What happens to a call. `lose-answer`: it takes effect, but the line is cut before the answer. `cut`: the line is cut at
 * once. `hang`: nobody ever answers.
 */
export type Fault = FaultAnswer | ChangedCall | "lose-answer" | "cut" | "hang";

/** A kind of trouble: which calls it meets, and how. */
export interface Trouble {
  readonly name: string;
  /** Share of the calls that it meets, 0 to 1. */
  readonly share: number;
  /** Calls that it meets at most. @default no end */
  readonly most?: number;
  readonly meets: (call: AwsCall) => boolean;
  readonly fault: (call: AwsCall, random: Seeded) => Fault;
}

/** Whether a fault is an answer by itself. */
export const isAnswer = (fault: Fault): fault is FaultAnswer => typeof fault === "object" && "status" in fault;
