import type { Clock } from "../clock.ts";
import type { PriceSeries } from "../history/price-history.ts";
import type { LimitSignals } from "../limiter/limit-signals.ts";
import type { ProductFields } from "../products/product.ts";
import type { Cuts } from "../products/product-bounds.ts";
import type { SourceExtras } from "./source-settings.ts";
import type { ConnectTimes, UpstreamFetch } from "./upstream/upstream-fetch.ts";

/** Fields that one source gave for one product. An absent or null field is requested from the next source. */
export interface SourceProduct {
  readonly asin: string;
  readonly fields: Partial<ProductFields>;
  /** What was cut from fields that were too large to keep; absent: nothing. */
  readonly cuts?: Cuts;
}

/** One id that the source answered with an error. */
export interface SourceItemFailure {
  /** Empty only while an answer is read, when it does not name the id: see `accountFor`. */
  readonly asin: string;
  /** The source's own code, such as `ItemNotAccessible`. */
  readonly code: string;
  readonly message: string;
}

/** The answer of one upstream call. Every requested id is in `products` or in `failures`, exactly once. */
export interface SourceAnswer {
  readonly products: readonly SourceProduct[];
  readonly failures: readonly SourceItemFailure[];
  /** Body exactly as it came, for the raw archive. */
  readonly raw: string;
  readonly signals: LimitSignals;
}

/** What to fetch in one call. */
export interface FetchRequest {
  /** Shop host, such as `www.amazon.com`. */
  readonly marketplace: string;
  /** Distinct ASINs, at most the operation's `idsPerCall`. */
  readonly asins: readonly string[];
}

/** What to search for. Prices are decimal text in the shop's currency. */
export interface SearchRequest {
  readonly marketplace: string;
  readonly query: string;
  readonly category: string;
  readonly minPrice?: string;
  readonly maxPrice?: string;
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

/** The answer of one page of variations. */
export interface VariationsAnswer {
  readonly parentAsin: string | null;
  readonly variants: NonNullable<ProductFields["variants"]>;
  readonly pages: number;
  readonly raw: string;
  readonly signals: LimitSignals;
}

/** The product whose prices a source kept by itself. */
export interface SeriesRequest {
  readonly marketplace: string;
  readonly asin: string;
}

/** The prices that it kept; null: the source does not know the product. */
export interface SeriesAnswer {
  readonly series: readonly PriceSeries[] | null;
  readonly signals: LimitSignals;
}

/** Cache of short-lived access tokens, shared between function instances so that not each one fetches its own. */
export interface TokenCache {
  /** The cached token, or undefined when there is none or it ends within 30 s. */
  get(key: string): Promise<string | undefined>;
  put(key: string, token: string, expiresAtMs: number): Promise<void>;
  drop(key: string): Promise<void>;
}

/** The connection of a source's calls. */
export interface SourceConnection {
  /** Opens one for the next call, unless one is open. Throws `SourceError` `NetworkError` when it cannot. */
  open(signal: AbortSignal): Promise<void>;
  times(): ConnectTimes;
}

/**
 * A source that is ready for calls. It paces nothing: the caller reserves a slot before every call.
 * Every method throws `SourceError` when the call fails as a whole.
 */
export interface SourceClient {
  /**
   * Fetches an access token. Called before every reservation, unless the last call failed before it was sent, so it is
   * cheap when there is nothing to do. The call itself reads the token again, before its slot time. Throws `SourceError`
   * like a call.
   */
  prepare?(marketplace: string, signal: AbortSignal): Promise<void>;
  /** The connection that calls about a shop go by; undefined: none can be opened before a call. */
  connectionTo?(marketplace: string): SourceConnection | undefined;
  /**
   * Why these credentials cannot serve a shop at all (no partner tag for it), with the fix in the message; null
   * when they can. Called before a slot is spent; such a shop is skipped like a source without credentials.
   */
  refusalFor?(marketplace: string): { readonly code: string; readonly message: string } | null;
  /** The ids that no call could answer (malformed ones), with the reason. Called before a slot is spent. */
  screen?(asins: readonly string[]): readonly SourceItemFailure[];
  fetchProducts(request: FetchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  /**
   * Prices and availability of products, where `fetchProducts` of this source cannot give them: a separate operation
   * (`item-offers`) with its own limit. A caller that still lacks these fields reserves a slot for it.
   */
  fetchOffers?(request: FetchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  search?(request: SearchRequest, signal: AbortSignal): Promise<SourceAnswer>;
  fetchVariations?(request: VariationsRequest, signal: AbortSignal): Promise<VariationsAnswer>;
  fetchSeries?(request: SeriesRequest, signal: AbortSignal): Promise<SeriesAnswer>;
}

/** Dependencies of a source's client. The secret is already parsed by `secretSchema`. */
export interface SourceContext<Secret> {
  readonly secret: Secret;
  /** Version of the secret, part of token cache keys, so that a new secret never meets an old token. */
  readonly secretVersion: string;
  /** Address overrides by name (`api`, `token`, …); empty means the real upstream. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** What the stage requests of the source beyond its cheapest call; absent: nothing. */
  readonly extras?: SourceExtras;
  readonly clock: Clock;
  readonly tokens: TokenCache;
  readonly fetch: UpstreamFetch;
}
