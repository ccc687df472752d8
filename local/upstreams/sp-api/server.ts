import { randomUUID } from "node:crypto";
import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import { MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { LOCAL_CREDENTIALS } from "../local-credentials.ts";
import { withChangedOffers } from "../shared/products/changed-offers.ts";
import { AccountLimits } from "../shared/server/account-limits.ts";
import { BehaviourState } from "../shared/server/behaviour.ts";
import { makeCertificate } from "../shared/server/certificate.ts";
import { type Reply, ReplyError, readBody } from "../shared/server/reply.ts";
import {
  type Call,
  type RunningSimulator,
  runSimulator,
  type SimulatorDefinition,
  type SimulatorOptions,
} from "../shared/server/simulator.ts";
import { AccessTokens } from "./access-tokens.ts";
import { spApiBehaviour } from "./behaviour.ts";
import { catalogItem, foundAsins, includedDataOf, listOf, pageOf, parseCatalogSearch } from "./catalog-items.ts";
import { denied, invalidInput, quotaExceeded, spError, spFault } from "./errors.ts";
import { competitivePricing, listingOffersBatch, parsePriceQuery, pricing } from "./own-listings.ts";
import { batchAsins, competitiveSummary, itemOffers, itemOffersBatch, type PricingContext } from "./pricing.ts";
import { type Rate, RateBuckets } from "./rate-buckets.ts";

const HOSTS = ["na", "eu", "fe"].map((group) => `sellingpartnerapi-${group}.amazon.com`);

interface Operation {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly rate: Rate;
}

/** Operations with their default limits. @see https://developer-docs.amazon.com/sp-api/docs/catalog-items-api-rate-limits */
const OPERATIONS: readonly Operation[] = [
  { name: "searchCatalogItems", method: "GET", path: /^\/catalog\/2022-04-01\/items$/, rate: { rate: 2, burst: 2 } },
  {
    name: "getCatalogItem",
    method: "GET",
    path: /^\/catalog\/2022-04-01\/items\/([^/]+)$/,
    rate: { rate: 2, burst: 2 },
  },
  {
    name: "getItemOffers",
    method: "GET",
    path: /^\/products\/pricing\/v0\/items\/([^/]+)\/offers$/,
    rate: { rate: 0.5, burst: 1 },
  },
  {
    name: "getItemOffersBatch",
    method: "POST",
    path: /^\/batches\/products\/pricing\/v0\/itemOffers$/,
    rate: { rate: 0.1, burst: 1 },
  },
  {
    name: "getListingOffersBatch",
    method: "POST",
    path: /^\/batches\/products\/pricing\/v0\/listingOffers$/,
    rate: { rate: 0.5, burst: 1 },
  },
  { name: "getPricing", method: "GET", path: /^\/products\/pricing\/v0\/price$/, rate: { rate: 0.5, burst: 1 } },
  {
    name: "getCompetitivePricing",
    method: "GET",
    path: /^\/products\/pricing\/v0\/competitivePrice$/,
    rate: { rate: 0.5, burst: 1 },
  },
  {
    name: "getCompetitiveSummary",
    method: "POST",
    path: /^\/batches\/products\/pricing\/2022-05-01\/items\/competitiveSummary$/,
    rate: { rate: 0.033, burst: 1 },
  },
];

/** What answers the batches, by operation. */
const BATCHES: Readonly<Record<string, (body: unknown, context: PricingContext) => unknown>> = {
  getItemOffersBatch: itemOffersBatch,
  getListingOffersBatch: listingOffersBatch,
  getCompetitiveSummary: competitiveSummary,
};

/** Statuses of codes in `fail_asins`: SP-API has no errors for single items, so that the whole call fails. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  InvalidInput: 400,
  Unauthorized: 403,
  QuotaExceeded: 429,
  InternalFailure: 500,
  ServiceUnavailable: 503,
};

const operationOf = (method: string | undefined, url: URL): Operation | undefined =>
  OPERATIONS.find((one) => one.method === method && one.path.test(url.pathname));

/**
 * Starts SP-API over HTTP and TLS: the login service (`/auth/o2/token`), catalog items 2022-04-01 and the pricing
 * batches. Order of judgement: outage, path, token, pace, then the query or body.
 */
export const startSpApiSimulator = async (options: SimulatorOptions): Promise<RunningSimulator> => {
  const behaviour = new BehaviourState(spApiBehaviour, options.behaviour);
  const tokens = new AccessTokens();
  const buckets = new RateBuckets();
  const day = new AccountLimits();
  const products = withChangedOffers(options.products, () => behaviour.now.changed_offers);

  const rateOf = (operation: Operation): Rate => {
    const rate = behaviour.now.calls_per_second;
    return rate === null ? operation.rate : { rate, burst: Math.max(1, Math.floor(rate)) };
  };

  const admit = (call: Call): void => {
    const operation = operationOf(call.request.method, call.url);
    if (!operation) throw spError(404, "NOT_FOUND", "The path is unknown.");
    tokens.check(call.request.headers["x-amz-access-token"], call.atMs);
    if (behaviour.now.not_authorized) throw denied();
    if (behaviour.now.endless_429) throw quotaExceeded();
    if (!buckets.take(operation.name, rateOf(operation), call.atMs)) throw quotaExceeded();
    const allowance = {
      calls_per_second: 1_000_000,
      calls_per_day: behaviour.now.calls_per_day,
      refused_calls_count: false,
    };
    if (!day.take(call.atMs, allowance).ok) throw quotaExceeded();
  };

  const groupOf = (call: Call): string =>
    /^sellingpartnerapi-(na|eu|fe)\./.exec(call.request.headers.host ?? "")?.[1] ?? LOCAL_CREDENTIALS["sp-api"].region;

  const allowed = (call: Call, place: Marketplace): boolean => {
    if (!behaviour.now.bind_regions) return true;
    const group = place.group.toLowerCase();
    return group === groupOf(call) && group === LOCAL_CREDENTIALS["sp-api"].region;
  };

  const placeOf = (call: Call, name: string): Marketplace => {
    const ids = listOf(call.url.searchParams, name);
    const place = MARKETPLACES.find((one) => one.spApiId === ids[0]);
    if (ids.length !== 1 || !place) throw invalidInput(`Invalid '${name}' provided.`);
    if (!allowed(call, place)) throw denied();
    return place;
  };

  const failIfConfigured = (asins: readonly string[]): void => {
    for (const asin of asins) {
      const status = behaviour.now.fail_calls_with_asins[asin];
      if (status !== undefined) throw new ReplyError(spFault(status));
      const code = behaviour.now.fail_asins[asin];
      if (code !== undefined && code !== "NOT_FOUND")
        throw spError(STATUS_OF_CODE[code] ?? 400, code, `Invalid '${asin}' provided.`);
    }
  };

  const missing = (): string[] => [
    ...behaviour.now.not_found_asins,
    ...Object.entries(behaviour.now.fail_asins).flatMap(([asin, code]) => (code === "NOT_FOUND" ? [asin] : [])),
  ];

  const searchCatalog = (call: Call): unknown => {
    const place = placeOf(call, "marketplaceIds");
    const included = includedDataOf(call.url.searchParams);
    const search = parseCatalogSearch(call.url.searchParams);
    if (search.identifiers.length > 0) call.countIds(search.identifiers.length);
    failIfConfigured(search.identifiers);
    const found = foundAsins(search, place, products, missing());
    // Which page a hit is on must not change between two calls; its place on the page may.
    const page = pageOf(found, search);
    const items = page.asins.map((asin) =>
      catalogItem(products.get(asin, place), included, products, behaviour.now.no_attributes),
    );
    return {
      numberOfResults: found.length,
      ...(page.pagination ? { pagination: page.pagination } : {}),
      items: call.random.shuffle(items),
    };
  };

  const getCatalogItem = (call: Call, asin: string): unknown => {
    const place = placeOf(call, "marketplaceIds");
    const included = includedDataOf(call.url.searchParams);
    call.countIds(1);
    if (!/^[A-Z0-9]{10}$/.test(asin)) throw invalidInput("Invalid 'asin' provided.");
    failIfConfigured([asin]);
    if (!isAsin(asin) || missing().includes(asin)) {
      throw spError(404, "NOT_FOUND", `Requested item, ${asin}, not found in marketplace(s) ${place.spApiId}.`);
    }
    return catalogItem(products.get(asin, place), included, products, behaviour.now.no_attributes);
  };

  const run = async (operation: Operation, call: Call): Promise<Reply> => {
    const asin = decodeURIComponent(operation.path.exec(call.url.pathname)?.[1] ?? "");
    const context: PricingContext = {
      products,
      notFound: missing(),
      unpriced: behaviour.now.null_price_asins,
      own: behaviour.now.own_asins,
      allowed: (place) => allowed(call, place),
    };
    if (operation.name === "searchCatalogItems") return { status: 200, body: searchCatalog(call) };
    if (operation.name === "getCatalogItem") return { status: 200, body: getCatalogItem(call, asin) };
    if (operation.name === "getItemOffers") {
      const place = placeOf(call, "MarketplaceId");
      call.countIds(1);
      failIfConfigured([asin]);
      const condition = call.url.searchParams.get("ItemCondition") ?? "";
      if (!["New", "Used", "Collectible", "Refurbished", "Club"].includes(condition))
        throw invalidInput("Invalid 'ItemCondition' provided.");
      const { statusCode, body } = itemOffers(asin, place.spApiId, condition, context);
      return { status: statusCode, body };
    }
    if (operation.name === "getPricing" || operation.name === "getCompetitivePricing") {
      const query = parsePriceQuery(call.url.searchParams, operation.name === "getPricing");
      if (!allowed(call, query.place)) throw denied();
      call.countIds(query.ids.length);
      failIfConfigured(query.ids);
      return { status: 200, body: (operation.name === "getPricing" ? pricing : competitivePricing)(query, context) };
    }
    const text = (await readBody(call.request)).toString("utf8");
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw invalidInput("The body is not valid JSON.");
    }
    const asins = batchAsins(body);
    call.countIds(asins.length);
    failIfConfigured(asins);
    const batch = BATCHES[operation.name];
    if (!batch) throw new Error(`${operation.name} is no batch`);
    return { status: 200, body: batch(body, context) };
  };

  const withHeaders = (reply: Reply, operation: Operation | undefined): Reply => {
    const headers: Record<string, string> = { "x-amzn-requestid": randomUUID(), ...reply.headers };
    const where = behaviour.now.rate_header;
    const sent = [200, 400, 404].includes(reply.status) || (where === "with_429" && reply.status === 429);
    if (operation && where !== "never" && sent) headers["x-amzn-ratelimit-limit"] = String(rateOf(operation).rate);
    return { ...reply, headers };
  };

  const definition: SimulatorDefinition<typeof behaviour.now> = {
    behaviour,
    route: (request, url) => {
      if (url.pathname === "/auth/o2/token") return { kind: "token", operation: "token" };
      return { kind: "api", operation: operationOf(request.method, url)?.name ?? "unknown" };
    },
    admit: (call, kind) => {
      if (kind === "token") return;
      try {
        admit(call);
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        throw new ReplyError(withHeaders(error.reply, operationOf(call.request.method, call.url)));
      }
    },
    answer: async (call, kind) => {
      if (kind === "token") {
        const { method = "", headers } = call.request;
        const text = (await readBody(call.request)).toString("utf8");
        return tokens.issue(method, headers["content-type"] ?? "", text, call.atMs, behaviour.now.token_expires_in);
      }
      const operation = operationOf(call.request.method, call.url);
      if (!operation) throw new Error("a call was answered that was never let in");
      try {
        return withHeaders(await run(operation, call), operation);
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        return withHeaders(error.reply, operation);
      }
    },
    fault: spFault,
    resetLimits: () => {
      buckets.clear();
      day.clear();
    },
    controlRoutes: { "POST /revoke-tokens": () => tokens.revokeAll() },
  };
  return runSimulator(definition, options, await makeCertificate([...HOSTS, "api.amazon.com"]));
};
