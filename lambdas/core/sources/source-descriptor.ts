import type * as z from "zod";
import type { ProductField } from "../products/product.ts";
import type { SourceId } from "../source-ids.ts";
import type { FailureClass } from "./failure-codes.ts";
import type { SourceClient, SourceContext } from "./source-client.ts";
import type { SourceExtras } from "./source-settings.ts";

/** One kind of call that a source answers. */
export interface SourceOperation {
  /** Such as `get-items`, `search-items`, `get-variations`. */
  readonly name: string;
  /** Most ids that one call may carry; 1 for calls about one thing. */
  readonly idsPerCall: number;
  /** Suffix of the limiter's key when the operation has a limit of its own, else null: the account's limit. */
  readonly limitKey: string | null;
  /** Calls per second of that limit of its own; absent: the source's default. */
  readonly callsPerSecond?: number;
  /** What a call with `ids` ids costs of the day's allowance, in the source's unit (calls, tokens). */
  readonly cost: (ids: number) => number;
}

/** Answer of a probe in words that a person who never used AWS understands. */
export interface ProbeReport {
  readonly ok: boolean;
  /** What was found, one sentence. */
  readonly reason: string;
  /** What to do next, one sentence; empty when all is well. */
  readonly next_step: string;
}

/**
 * What is known of one upstream without being able to call it: enough to size the window, to estimate and to show how a
 * source stands. Kept apart from the client, so that functions which never call an upstream do not carry its code.
 */
export interface SourceFacts<Secret = unknown> {
  readonly id: SourceId;
  /** The first is the call by which products are fetched. */
  readonly operations: readonly SourceOperation[];
  /** Shops that it serves, by code. */
  readonly marketplaces: readonly string[];
  /** Shops that these very credentials serve, where that is fewer; absent: all of `marketplaces`. */
  readonly shops?: (secret: Secret) => readonly string[];
  /** Shape of its secret; null when it needs none. */
  readonly secretSchema: z.ZodType<Secret> | null;
  /** Limits until the account's own are set or learned. `callsPerDay` null: no daily limit. */
  readonly defaultLimits: { readonly callsPerSecond: number; readonly callsPerDay: number | null };
  /** Whether a call must have ended before the next one's turn, so that no two are ever under way. @default false */
  readonly oneAtATime?: boolean;
  /** Id of the account that the limits belong to, from the secret; never a secret itself. */
  readonly account: (secret: Secret) => string;
  /** What changes when a stage asks for extras; read through `applyExtras`. Absent: the source has none. */
  readonly configure?: (extras: SourceExtras) => { readonly operations: readonly SourceOperation[] };
}

/** Everything the rest of the product knows about one upstream. A new source is one room and a line in each registry. */
export interface SourceDescriptor<Secret = unknown> extends SourceFacts<Secret> {
  /** Fields that the source can give; with extras, what `configure` says. */
  readonly fields: readonly ProductField[];
  readonly configure?: (extras: SourceExtras) => {
    readonly operations: readonly SourceOperation[];
    readonly fields?: readonly ProductField[];
  };
  /** How far its data is trusted, 0 to 1, for the quality score. */
  readonly accuracy: number;
  /** Seconds for which a look-up may reuse its data. */
  readonly cacheTtl: number;
  /** The class of one of the source's own error codes. */
  readonly classifyError: (code: string) => FailureClass;
  readonly create: (context: SourceContext<Secret>) => SourceClient;
  /** One cheap call that tells whether the credentials work and, if not, what to do. */
  readonly probe: (client: SourceClient, marketplace: string) => Promise<ProbeReport>;
}
