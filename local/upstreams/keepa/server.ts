import { gzip } from "node:zlib";
import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import { LOCAL_CREDENTIALS } from "../local-credentials.ts";
import type { Json } from "../shared/json.ts";
import { withChangedOffers } from "../shared/products/changed-offers.ts";
import { AccountLimits } from "../shared/server/account-limits.ts";
import { BehaviourState } from "../shared/server/behaviour.ts";
import { makeCertificate } from "../shared/server/certificate.ts";
import { steadyNow } from "../shared/server/http-server.ts";
import { type Reply, ReplyError, sendReply } from "../shared/server/reply.ts";
import {
  aheadMs,
  type Call,
  type RunningSimulator,
  runSimulator,
  type SimulatorDefinition,
  type SimulatorOptions,
} from "../shared/server/simulator.ts";
import { keepaBehaviour } from "./behaviour.ts";
import { emptyProduct, keepaProduct } from "./product-body.ts";
import { ProductCodes } from "./product-codes.ts";
import { BadQuery, type ProductRequest, parseProductRequest, placeOf } from "./product-request.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What a call cost and brought. */
interface Outcome {
  readonly cost: number;
  readonly body: Json;
}

const SEARCH_COST = 10;
const CATEGORY_COST = 1;

/** `/product/` and `/product` are the same: one client sends the slash, the other does not. */
const pathOf = (url: URL): string => url.pathname.replace(/\/+$/, "").slice(1);

/**
 * Starts Keepa over HTTP and TLS: `/product`, `/search`, `/token`, with or without a trailing slash. A call runs
 * while the bucket is above zero, whatever it costs, and may leave it overdrawn.
 */
export const startKeepaSimulator = async (options: SimulatorOptions): Promise<RunningSimulator> => {
  const state = new BehaviourState(keepaBehaviour, options.behaviour);
  const now = (): number => steadyNow() + aheadMs(options, state.now);
  const bucket = new TokenBucket(state.now.refill_rate, now());
  const limits = new AccountLimits();
  const codes = new ProductCodes();
  const products = withChangedOffers(options.products, () => state.now.changed_offers);
  if (state.now.tokens_left !== null) bucket.set(state.now.tokens_left);

  const behaviour = {
    get now() {
      return state.now;
    },
    change: (wish: unknown): void => {
      const rate = state.now.refill_rate;
      state.change(wish);
      const named = typeof wish === "object" && wish !== null;
      // A bigger plan comes with a full bucket of its own, so that tests need not wait an hour.
      if (named && "refill_rate" in wish && state.now.refill_rate !== rate) bucket.refill(state.now.refill_rate, now());
      if (named && "tokens_left" in wish && state.now.tokens_left !== null) {
        bucket.read(state.now.refill_rate, now());
        bucket.set(state.now.tokens_left);
      }
    },
    reset: () => state.reset(),
  };
  const envelope = (atMs: number, startedMs: number, consumed: number): Json => ({
    timestamp: Math.floor(atMs),
    ...bucket.read(state.now.refill_rate, atMs),
    tokenFlowReduction: 0,
    tokensConsumed: consumed,
    processingTimeInMs: Math.max(0, Math.round(steadyNow() - startedMs)),
  });

  const failure = (status: number, type: string, message: string, atMs: number): ReplyError =>
    new ReplyError({ status, body: { ...envelope(atMs, steadyNow(), 0), error: { type, message, details: "" } } });

  const badKey = (atMs: number): ReplyError =>
    // A wrong key shows an empty account: all numbers zero.
    new ReplyError({
      status: 400,
      body: {
        timestamp: Math.floor(atMs),
        tokensLeft: 0,
        refillIn: 0,
        refillRate: 0,
        tokenFlowReduction: 0,
        tokensConsumed: 0,
        processingTimeInMs: 0,
        error: { type: "invalidParameter", message: "You used an invalid parameter for this API call.", details: "" },
      },
    });

  const admit = (call: Call): void => {
    const { searchParams } = call.url;
    if (searchParams.get("key") !== LOCAL_CREDENTIALS.keepa.key) throw badKey(call.atMs);
    const path = pathOf(call.url);
    if (path === "token") return;
    if (state.now.no_access) throw failure(402, "paymentRequired", "The key's plan has no access.", call.atMs);
    if (path !== "product" && path !== "search")
      throw failure(404, "notFound", "There is no such endpoint.", call.atMs);
    if (call.request.method !== "GET") throw failure(400, "invalidParameter", "Only GET is supported here.", call.atMs);
    const { tokensLeft } = bucket.read(state.now.refill_rate, call.atMs);
    if (tokensLeft <= 0 || !limits.take(call.atMs, state.now).ok) {
      throw failure(429, "notEnoughTokens", "There are not enough tokens left for this call.", call.atMs);
    }
  };

  const productOf = (asin: string, request: ProductRequest, atMs: number): Json | null => {
    const code = state.now.fail_asins[asin];
    if (code === "NotAccessible") return emptyProduct(asin, request, 3);
    if (!isAsin(asin) || code !== undefined || state.now.not_found_asins.includes(asin)) {
      return state.now.missing_asin === "entry" && request.update !== -1 ? emptyProduct(asin, request, 4) : null;
    }
    const product = products.get(asin, request.place);
    const hasOffer = product.priceMinor !== null && !state.now.null_price_asins.includes(asin);
    return keepaProduct(product, request, hasOffer, products, atMs);
  };

  /** ASINs to look up, each once, with the code that led to it. */
  const askedOf = (request: ProductRequest): Map<string, string | null> => {
    const asked = new Map<string, string | null>(request.asins.map((asin) => [asin, null]));
    for (const code of request.codes) {
      for (const asin of codes.asinsOf(code).slice(0, request.codeLimit)) asked.set(asin, code);
    }
    return asked;
  };

  const product = (call: Call): Outcome => {
    const request = parseProductRequest(call.url.searchParams);
    call.countIds(request.asins.length + request.codes.length);
    const asked = askedOf(request);
    const status = [...asked.keys()]
      .map((asin) => state.now.fail_calls_with_asins[asin])
      .find((one) => one !== undefined);
    if (status !== undefined) throw failure(status, "internalError", "The call failed.", call.atMs);
    if (state.now.error_200) {
      const error = { type: "invalidParameter", message: "The call could not be run.", details: "" };
      return { cost: 0, body: { error } };
    }
    const found = [...asked].flatMap(([asin, code]) => {
      const body = productOf(asin, request, call.atMs);
      if (body === null) return [];
      if (code === null) return [body];
      // A code that nothing sellable carries has no product; an ASIN without data has an entry that says so.
      return body.title === null ? [] : [ProductCodes.under(code, body)];
    });
    for (const body of found) codes.show(body);
    // With update=-1 what Keepa does not know is free; a code costs for each product that it finds.
    const counted = request.update === -1 || request.codes.length > 0 ? found.length : request.asins.length;
    return { cost: counted * request.costEach, body: { products: call.random.shuffle(found) } };
  };

  const search = (call: Call): Outcome => {
    const { searchParams } = call.url;
    const place = placeOf(searchParams);
    const term = searchParams.get("term") ?? "";
    if (searchParams.get("type") === "category") {
      if (term.length < 3) throw new BadQuery(400, "term needs three letters");
      return { cost: CATEGORY_COST, body: { categories: {} } };
    }
    if (searchParams.get("type") !== "product") throw new BadQuery(400, "type must be product or category");
    if (term === "") throw new BadQuery(400, "term is missing");
    const page = Number(searchParams.get("page") ?? "0");
    if (!Number.isInteger(page) || page < 0 || page > 9) throw new BadQuery(405, "page must be from 0 to 9");
    const hits = products.search(term, place).slice(page * 10, page * 10 + 10);
    if (searchParams.get("asins-only") === "1") return { cost: SEARCH_COST, body: { asinList: hits } };
    const params = new URLSearchParams(searchParams);
    params.set("asin", hits.join(",") || "-");
    // A search takes neither codes nor anything that costs extra: its page costs what it costs.
    for (const name of ["code", "rating", "buybox", "offers"]) params.delete(name);
    const request = parseProductRequest(params);
    const found = hits.flatMap((asin) => productOf(asin, request, call.atMs) ?? []);
    return { cost: SEARCH_COST, body: { products: found } };
  };

  const answer = async (call: Call): Promise<Reply> => {
    const startedMs = steadyNow();
    const path = pathOf(call.url);
    if (path === "token") return { status: 200, body: envelope(call.atMs, startedMs, 0) };
    try {
      const { cost, body } = path === "product" ? product(call) : search(call);
      bucket.spend(cost);
      return { status: 200, body: { ...envelope(call.atMs, startedMs, cost), ...body } };
    } catch (error) {
      if (error instanceof BadQuery) throw failure(error.status, "invalidParameter", error.message, call.atMs);
      throw error;
    }
  };

  const definition: SimulatorDefinition<typeof state.now> = {
    behaviour,
    // Asking for the balance is free and no product call.
    route: (_, url) => ({ kind: pathOf(url) === "token" ? "token" : "api", operation: pathOf(url) || "unknown" }),
    admit,
    answer,
    fault: (status) => ({
      status,
      body: {
        ...envelope(now(), steadyNow(), 0),
        error: { type: "internalServerError", message: "Something broke.", details: "" },
      },
    }),
    send: (request, response, reply) => {
      // One client unpacks every body as gzip when it asked for it, errors too.
      const accepts = /\bgzip\b/.test(request.headers["accept-encoding"]?.toString() ?? "");
      if (!accepts) return sendReply(response, reply);
      gzip(JSON.stringify(reply.body), (error, bytes) => {
        if (error) return void response.destroy(error);
        if (response.destroyed) return;
        response.writeHead(reply.status, {
          "content-type": "application/json",
          "content-encoding": "gzip",
          "content-length": bytes.length,
        });
        response.end(bytes);
      });
    },
    resetLimits: () => {
      limits.clear();
      bucket.refill(state.now.refill_rate, now());
      if (state.now.tokens_left !== null) bucket.set(state.now.tokens_left);
    },
  };
  return runSimulator(definition, options, await makeCertificate(["api.keepa.com"]));
};
