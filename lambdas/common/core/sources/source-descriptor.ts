import type * as z from "zod";
import type { Licence } from "../licences/licence.ts";
import type { ProductField } from "../products/product.ts";
import type { SourceId } from "../source-ids.ts";
import type { FailureClass } from "./failure-codes.ts";
import type { SourceClient, SourceContext } from "./source-client.ts";
import type { SourceExtras } from "./source-settings.ts";

/** One kind of call to a source. */
export interface SourceOperation {
  /** Such as `get-items`, `search-items`, `get-variations`. */
  readonly name: string;
  /** Most ids of one call; 1 for calls about one thing. */
  readonly idsPerCall: number;
  /** Suffix of the limit key when the operation has its own limit; null: the account's limit applies. */
  readonly limitKey: string | null;
  /** Calls per second of the operation's own limit; absent: the source's default. */
  readonly callsPerSecond?: number;
  /** What a call with `ids` ids costs of the day's allowance, in the source's unit (calls, tokens). */
  readonly cost: (ids: number) => number;
}

/** Answer of a probe, for a person who never used AWS. Member names are those of the answers. */
export interface ProbeReport {
  readonly ok: boolean;
  /** What was found, one sentence. */
  readonly reason: string;
  /** What to do next, one sentence; empty when all is well. */
  readonly next_step: string;
}

/**
 * What is known about one upstream without a client for it: enough to size the window, to estimate and to show the
 * state of a source. It is apart from the client, so that functions which never call an upstream do not bundle its code.
 */
export interface SourceFacts<Secret = unknown> {
  readonly id: SourceId;
  /** The first one fetches products. */
  readonly operations: readonly SourceOperation[];
  /** Shops that it serves, by code. */
  readonly marketplaces: readonly string[];
  /** Shops that the credentials serve, where these are fewer; absent: all of `marketplaces`. */
  readonly shops?: (secret: Secret) => readonly string[];
  /** Schema of its secret; null when it needs none. */
  readonly secretSchema: z.ZodType<Secret> | null;
  /** Limits until the account's own are set or learned. `callsPerDay` null: no daily limit. */
  readonly defaultLimits: { readonly callsPerSecond: number; readonly callsPerDay: number | null };
  /** Whether a call must end before the next slot time, so that no two calls overlap. @default false */
  readonly oneAtATime?: boolean;
  /** Id of the account that the limits belong to, from the secret; never a secret itself. */
  readonly account: (secret: Secret) => string;
  /** What changes when a stage requests extras; read through `applyExtras`. Absent: the source has none. */
  readonly configure?: (extras: SourceExtras) => { readonly operations: readonly SourceOperation[] };
}

/** Everything that other code knows about one upstream. A new source is one folder and a line in each registry. */
export interface SourceDescriptor<Secret = unknown> extends SourceFacts<Secret> {
  /** Fields that the source can give; with extras, those of `configure`. */
  readonly fields: readonly ProductField[];
  readonly configure?: (extras: SourceExtras) => {
    readonly operations: readonly SourceOperation[];
    readonly fields?: readonly ProductField[];
  };
  /** Trust in its data, 0 to 1, for the quality score. */
  readonly accuracy: number;
  /** What may be done with its data, before the acknowledgements of a stage. */
  readonly licence: Licence;
  /** Seconds for which a look-up may reuse its data. */
  readonly cacheTtl: number;
  /** The class of one of the source's own error codes. */
  readonly classifyError: (code: string) => FailureClass;
  readonly create: (context: SourceContext<Secret>) => SourceClient;
  /** One cheap call that shows whether the credentials work and, if not, what to do. */
  readonly probe: (client: SourceClient, marketplace: string) => Promise<ProbeReport>;
}
