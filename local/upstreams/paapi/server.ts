import { randomUUID } from "node:crypto";
import { findMarketplace, MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import { LOCAL_CREDENTIALS, LOCAL_PARTNER_TAGS } from "../local-credentials.ts";
import { withChangedOffers } from "../shared/products/changed-offers.ts";
import { DEFAULT_SHOP } from "../shared/products/default-shop.ts";
import { AccountLimits } from "../shared/server/account-limits.ts";
import { BehaviourState } from "../shared/server/behaviour.ts";
import { makeCertificate, PAAPI_HOSTS } from "../shared/server/certificate.ts";
import { type Reply, ReplyError, readBody, sendReply } from "../shared/server/reply.ts";
import {
  type Call,
  type RunningSimulator,
  runSimulator,
  type SimulatorDefinition,
  type SimulatorOptions,
} from "../shared/server/simulator.ts";
import { paapiBehaviour } from "./behaviour.ts";
import { invalidValue, paapiError, paapiFault } from "./errors.ts";
import { getBrowseNodes, getItems, getVariations, type PaapiContext, searchItems } from "./operations.ts";
import { type PaapiRequest, parsePaapiRequest } from "./requests.ts";
import { PAAPI_RESOURCES, type PaapiOperation } from "./resources.ts";
import { readClaim, verifySignature } from "./sigv4.ts";

const TARGET = "com.amazon.paapi5.v1.ProductAdvertisingAPIv1.";
const OPERATIONS = Object.keys(PAAPI_RESOURCES) as PaapiOperation[];

/** The operation that a path names; paths are lower case and take no query. */
const operationOf = (call: { readonly url: URL }): PaapiOperation | undefined =>
  OPERATIONS.find((name) => call.url.pathname === `/paapi5/${name.toLowerCase()}`);

const run = (request: PaapiRequest, context: PaapiContext): unknown => {
  switch (request.operation) {
    case "GetItems":
      return getItems(request.body, context);
    case "SearchItems":
      return searchItems(request.body, context);
    case "GetVariations":
      return getVariations(request.body, context);
    case "GetBrowseNodes":
      return getBrowseNodes(request.body);
  }
};

/** A loopback host cannot name the shop, so there the body's Marketplace does; without one it is the US shop. */
const placeOf = (host: string, inBody: unknown): Marketplace => {
  const byHost = MARKETPLACES.find((place) => place.paapiHost === host.split(":")[0]);
  const named = typeof inBody === "string" ? findMarketplace(inBody) : undefined;
  if (inBody !== undefined && named === undefined)
    throw invalidValue(`The value ${String(inBody)} provided in the request for Marketplace is invalid.`);
  if (byHost && named && byHost !== named) {
    throw invalidValue(
      `The value ${named.code} provided in the request for Marketplace does not fit the host ${host}.`,
    );
  }
  return byHost ?? named ?? DEFAULT_SHOP;
};

/**
 * Starts PA-API 5 over HTTP and TLS, sharing one account's limits. Order of judgement: outage, path, headers,
 * signature over the exact bytes, pace, then the body. A call with a wrong signature costs nothing.
 */
export const startPaapiSimulator = async (options: SimulatorOptions): Promise<RunningSimulator> => {
  const behaviour = new BehaviourState(paapiBehaviour, options.behaviour);
  const products = withChangedOffers(options.products, () => behaviour.now.changed_offers);
  const limits = new AccountLimits();
  const { access_key, secret_key } = LOCAL_CREDENTIALS.paapi;

  const throttled = (retryAfterMs: number): ReplyError => {
    const error = paapiError(
      429,
      "TooManyRequestsException",
      "TooManyRequests",
      "The request was denied due to request throttling. Please verify the number of requests made per second.",
    );
    if (behaviour.now.retry_after === "none") return error;
    const headers = { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
    return new ReplyError({ ...error.reply, headers });
  };

  const checkEnvelope = (call: Call): PaapiOperation => {
    const operation = operationOf(call);
    const { headers, method } = call.request;
    const unknown = paapiError(
      404,
      "UnknownOperationException",
      "UnknownOperation",
      "The operation requested is invalid.",
    );
    if (!operation || method !== "POST" || call.url.search !== "") throw unknown;
    if (headers["x-amz-target"] !== TARGET + operation) throw unknown;
    if (headers["content-encoding"] !== "amz-1.0") throw invalidValue("The Content-Encoding header must be amz-1.0.");
    if (!/^application\/json\s*;\s*charset=utf-8$/i.test(headers["content-type"] ?? "")) {
      throw invalidValue("The Content-Type header must be application/json; charset=utf-8.");
    }
    return operation;
  };

  const answer = async (call: Call): Promise<Reply> => {
    const operation = checkEnvelope(call);
    const { headers, method = "" } = call.request;
    const claim = readClaim(headers.authorization);
    if (claim.accessKey !== access_key) {
      throw paapiError(401, "UnrecognizedClientException", "UnrecognizedClient", "The access key is unknown.");
    }
    const bytes = await readBody(call.request);
    let body: unknown;
    try {
      body = JSON.parse(bytes.toString("utf8"));
    } catch {
      throw invalidValue("The request body is not valid JSON.");
    }
    const inBody = typeof body === "object" && body !== null && "Marketplace" in body ? body.Marketplace : undefined;
    const place = placeOf(headers.host ?? "", inBody);
    verifySignature(
      { method, target: call.request.url ?? "/", headers, body: bytes },
      claim,
      secret_key,
      place.paapiRegion,
      call.atMs,
    );
    if (behaviour.now.invalid_associate) {
      throw paapiError(
        403,
        "AssociateValidationException",
        "InvalidAssociate",
        "Your access key is not mapped to an approved associate store.",
      );
    }
    if (behaviour.now.endless_429) throw throttled(60_000);
    const verdict = limits.take(call.atMs, behaviour.now);
    if (!verdict.ok) throw throttled(verdict.retryAfterMs);
    if (call.random.chance(behaviour.now.error_rate)) return paapiFault(500);
    const request = parsePaapiRequest(operation, body, place);
    if (request.body.PartnerTag !== LOCAL_PARTNER_TAGS[place.code]) {
      throw paapiError(
        400,
        "InvalidPartnerTagException",
        "InvalidPartnerTag",
        "The partner tag is not mapped to a valid associate store with your access key.",
      );
    }
    const ids = request.operation === "GetItems" ? request.body.ItemIds : [];
    if (request.operation === "GetItems") call.countIds(ids.length);
    const status = ids.map((asin) => behaviour.now.fail_calls_with_asins[asin]).find((one) => one !== undefined);
    if (status === 429) throw throttled(1000);
    if (status !== undefined) return paapiFault(status);
    return {
      status: 200,
      body: run(request, { products, place, switches: behaviour.now, random: call.random }),
    };
  };

  const definition: SimulatorDefinition<typeof behaviour.now> = {
    behaviour,
    route: (_, url) => ({ kind: "api", operation: operationOf({ url }) ?? "unknown" }),
    answer,
    ownErrorRate: true,
    fault: paapiFault,
    send: (_, response, reply) => {
      const id = randomUUID();
      sendReply(response, {
        ...reply,
        headers: { "x-amzn-requestid": id, "x-amz-rid": id.slice(0, 20).toUpperCase(), ...reply.headers },
      });
    },
    resetLimits: () => limits.clear(),
  };
  return runSimulator(definition, options, await makeCertificate(PAAPI_HOSTS));
};
