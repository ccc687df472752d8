import type * as z from "zod";
import type { Clock } from "../clock.ts";
import type { ProductField, ProductFields } from "../products/product.ts";
import type { SourceId } from "../source-ids.ts";
import type { FailureClass } from "./failure-codes.ts";
import type { SourceExtras } from "./source-settings.ts";

/** One kind of call that a source answers. */
export interface SourceOperation {
  /** Such as `get-items`, `search-items`, `get-variations`. */
  readonly name: string;
  /** Most ids that one call may carry; 1 for calls about one thing. */
  readonly ids_per_call: number;
  /** Suffix of the limiter's key when the operation has a limit of its own, else null: the account's limit. */
  readonly limit_key: string | null;
  /** Calls per second of that limit of its own; absent: the source's default. */
  readonly calls_per_second?: number;
  /** What a call with `ids` ids costs of the day's allowance, in the source's unit (calls, tokens). */
  readonly cost: (ids: number) => number;
}

/** What an answer's headers or body said about the source's limits; everything optional, nothing guessed. */
export interface LimitSignals {
  /** The source asks for silence, in milliseconds from the answer. */
  readonly retry_after_ms?: number;
  /** The source's announced rate, calls per second. */
  readonly rate_per_second?: number;
  /** Units left in a token bucket; may be negative. */
  readonly tokens_left?: number;
  /** Milliseconds until the bucket next refills. */
  readonly refill_in_ms?: number;
  /** Units that a refill brings, a minute. */
  readonly refill_per_minute?: number;
}

/** Fields that one source gave for one product. A field that is absent or null is still wanted from the next source. */
export interface SourceProduct {
  readonly asin: string;
  readonly fields: Partial<ProductFields>;
}

/** One id that the source answered with an error. */
export interface SourceItemFailure {
  /** Empty only while an answer is read, where it does not name the id: see `accountFor`. */
  readonly asin: string;
  /** The source's own code, such as `ItemNotAccessible`. */
  readonly code: string;
  readonly message: string;
}

/** What one upstream call brought. Every id asked is in `products` or in `failures`, exactly once. */
export interface SourceAnswer {
  readonly products: readonly SourceProduct[];
  readonly failures: readonly SourceItemFailure[];
  /** Body exactly as it came, for the raw archive. */
  readonly raw: string;
  readonly signals: LimitSignals;
}

/** A call that failed as a whole. `code` is the source's own; its class decides what happens. */
export class SourceError extends Error {
  readonly source: SourceId;
  readonly code: string;
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  readonly failure_class: FailureClass;
  readonly signals: LimitSignals;
  /** The access token was refused, not the credentials behind it: the same call with a new token may succeed. */
  readonly token_refused: boolean;

  constructor(
    source: SourceId,
    details: {
      code: string;
      status: number | null;
      failure_class: FailureClass;
      message: string;
      signals?: LimitSignals;
      /** @default false */
      token_refused?: boolean;
      cause?: unknown;
    },
  ) {
    super(details.message, { cause: details.cause });
    this.name = "SourceError";
    this.source = source;
    this.code = details.code;
    this.status = details.status;
    this.failure_class = details.failure_class;
    this.signals = details.signals ?? {};
    this.token_refused = details.token_refused ?? false;
  }
}

/** What to fetch in one call. */
export interface FetchRequest {
  /** Shop host, such as `www.amazon.com`. */
  readonly marketplace: string;
  /** Distinct ASINs, at most the operation's `ids_per_call`. */
  readonly asins: readonly string[];
}

/** What to search for. Prices are decimal text in the shop's currency. */
export interface SearchRequest {
  readonly marketplace: string;
  readonly query: string;
  readonly category: string;
  readonly min_price?: string;
  readonly max_price?: string;
  /** 1 to 10. */
  readonly limit: number;
}

/** One page of a product's variations. */
export interface VariationsRequest {
  readonly marketplace: string;
  /** Parent or any child. */
  readonly asin: string;
  /** From 1. */
  readonly page: number;
}

export interface VariationsAnswer {
  readonly parent_asin: string | null;
  readonly variants: NonNullable<ProductFields["variants"]>;
  readonly pages: number;
  readonly raw: string;
  readonly signals: LimitSignals;
}

/** A short-lived access token, shared between function instances so that not each one fetches its own. */
export interface TokenCache {
  /** The cached token, or undefined when there is none or it ends within 30 s. */
  get(key: string): Promise<string | undefined>;
  put(key: string, token: string, expiresAtMs: number): Promise<void>;
  drop(key: string): Promise<void>;
}

/**
 * A source that is ready to be called. It paces nothing: the caller reserves a slot before every call.
 * Every method throws `SourceError` when the call fails as a whole.
 */
export interface SourceClient {
  /**
   * Does what must not happen between a slot's turn and its call: fetches an access token. Called before every
   * reservation (after a failure: once the slot is granted), so it is cheap when there is nothing to do. Throws `SourceError` like a call.
   */
  prepare?(marketplace: string, signal: AbortSignal): Promise<void>;
  /**
   * Why these credentials cannot serve a shop at all (no partner tag for it), with the fix in the message; null
   * when they can. Asked before a slot is spent; such a shop is skipped like a source without credentials.
   */
  refusalFor?(marketplace: string): { readonly code: string; readonly message: string } | null;
  /** Those of the ids that no call could answer (malformed ones), with the reason. Asked before a slot is spent. */
  screen?(asins: readonly string[]): readonly SourceItemFailure[];
  fetchProducts(request: FetchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  /**
   * Prices and availability of products, where `fetchProducts` of this source cannot give them: an operation of its
   * own (`item-offers`), with its own limit. A caller that still lacks these fields reserves a slot for it.
   */
  fetchOffers?(request: FetchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  search?(request: SearchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  fetchVariations?(request: VariationsRequest, signal: AbortSignal): Promise<VariationsAnswer>;
}

/** What a source is built from. Secrets are already parsed by `secret_schema`. */
export interface SourceContext<Secret> {
  readonly secret: Secret;
  /** Version of the secret, part of token cache keys, so that a new secret never meets an old token. */
  readonly secret_version: string;
  /** Address overrides by name (`api`, `token`, …); empty means the real upstream. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** What the stage asks of the source beyond its cheapest call; absent: nothing. */
  readonly extras?: SourceExtras;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  readonly fetch: typeof fetch;
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
  readonly secret_schema: z.ZodType<Secret> | null;
  /** Limits until the account's own are set or learned. `calls_per_day` null: no daily limit. */
  readonly default_limits: { readonly calls_per_second: number; readonly calls_per_day: number | null };
  /** Whether a call must have ended before the next one's turn, so that no two are ever under way. @default false */
  readonly one_at_a_time?: boolean;
  /** Id of the account that the limits belong to, from the secret; never a secret itself. */
  readonly account: (secret: Secret) => string;
  /** What changes when a stage asks for extras; read through `withExtras`. Absent: the source has none. */
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
  readonly cache_ttl: number;
  /** The class of one of the source's own error codes. */
  readonly classify_error: (code: string) => FailureClass;
  readonly create: (context: SourceContext<Secret>) => SourceClient;
  /** One cheap call that tells whether the credentials work and, if not, what to do. */
  readonly probe: (client: SourceClient, marketplace: string) => Promise<ProbeReport>;
}
