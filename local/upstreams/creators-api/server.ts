import { findMarketplace, MARKETPLACES } from "../../../lambdas/common/core/products/marketplaces.ts";
import { LOCAL_PARTNER_TAGS } from "../local-credentials.ts";
import { withChangedOffers } from "../shared/products/changed-offers.ts";
import { AccountLimits } from "../shared/server/account-limits.ts";
import { BehaviourState } from "../shared/server/behaviour.ts";
import { type Reply, ReplyError, readBody } from "../shared/server/reply.ts";
import {
  type Call,
  type RunningSimulator,
  runSimulator,
  type SimulatorDefinition,
  type SimulatorOptions,
} from "../shared/server/simulator.ts";
import { creatorsBehaviour } from "./behaviour.ts";
import { creatorsError, creatorsFault, fieldError } from "./errors.ts";
import { getBrowseNodes, getItems, getVariations, type OperationContext, searchItems } from "./operations.ts";
import { type CreatorsRequest, parseRequest } from "./requests.ts";
import { type CreatorsOperation, RESOURCES } from "./resources.ts";
import { type Grant, TokenDesk } from "./tokens.ts";

const PATH = /^\/catalog\/v1\/([A-Za-z]+)$/;
/** How long a caller must stay away after it broke the pace, in whole seconds. */
const THROTTLE_MESSAGE =
  "The request was denied due to request throttling. Please verify the number of requests made per second.";

const isOperation = (name: string): name is CreatorsOperation => Object.hasOwn(RESOURCES, name);

const run = (request: CreatorsRequest, context: OperationContext): unknown => {
  switch (request.operation) {
    case "getItems":
      return getItems(request.body, context);
    case "searchItems":
      return searchItems(request.body, context);
    case "getVariations":
      return getVariations(request.body, context);
    case "getBrowseNodes":
      return getBrowseNodes(request.body);
  }
};

const idsOf = (request: CreatorsRequest): readonly string[] => {
  if (request.operation === "getItems") return request.body.itemIds;
  return request.operation === "getVariations" ? [request.body.asin] : [];
};

/**
 * Starts the Creators API: both token services (`/oauth2/token`, `/auth/o2/token`, each also under `/na`, `/eu`, `/fe`)
 * and the catalog operations. Order of judgement: outage, path, token, eligibility, pace, then the body.
 */
export const startCreatorsApiSimulator = (options: SimulatorOptions): Promise<RunningSimulator> => {
  const behaviour = new BehaviourState(creatorsBehaviour, options.behaviour);
  const products = withChangedOffers(options.products, () => behaviour.now.changed_offers);
  const desk = new TokenDesk();
  const accounts = new Map<string, AccountLimits>();
  const grants = new WeakMap<Call["request"], Grant>();

  const throttled = (retryAfterMs: number): ReplyError => {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    const where = behaviour.now.retry_after;
    return creatorsError(
      429,
      "ThrottleException",
      THROTTLE_MESSAGE,
      where === "body" || where === "both" ? { retryAfterSeconds: seconds } : {},
      where === "header" || where === "both" ? { "retry-after": String(seconds) } : {},
    );
  };

  const admitCatalogCall = (call: Call): void => {
    const operation = PATH.exec(call.url.pathname)?.[1] ?? "";
    if (call.request.method !== "POST" || !isOperation(operation)) {
      throw creatorsError(400, "ValidationException", "The operation is unknown.", { reason: "UnknownOperation" });
    }
    const grant = desk.check(call.request.headers.authorization, call.atMs);
    grants.set(call.request, grant);
    if (behaviour.now.not_eligible) {
      throw creatorsError(
        403,
        "AccessDeniedException",
        "Your account does not currently meet the eligibility requirements.",
        {
          reason: "AssociateNotEligible",
        },
      );
    }
    if (behaviour.now.endless_429) throw throttled(60_000);
    const limits = accounts.get(grant.account) ?? new AccountLimits();
    accounts.set(grant.account, limits);
    const verdict = limits.take(call.atMs, behaviour.now);
    if (!verdict.ok) throw throttled(verdict.retryAfterMs);
  };

  const placeOf = (call: Call, grant: Grant) => {
    const header = call.request.headers["x-marketplace"];
    const place = MARKETPLACES.find((one) => one.code === header);
    if (!place) throw fieldError(["x-marketplace"], "The x-marketplace header is missing or names no marketplace.");
    if (behaviour.now.bind_regions && place.group !== grant.group) {
      throw creatorsError(403, "AccessDeniedException", "The credential is not valid for the requested marketplace.", {
        reason: "AuthorizationFailed",
      });
    }
    return place;
  };

  const answerCatalogCall = async (call: Call): Promise<Reply> => {
    const grant = grants.get(call.request);
    const operation = PATH.exec(call.url.pathname)?.[1] ?? "";
    if (!grant || !isOperation(operation)) throw new Error("a call was answered that was never let in");
    const text = (await readBody(call.request)).toString("utf8");
    const cannotParse = (message: string) =>
      creatorsError(400, "ValidationException", message, { reason: "CannotParse" });
    if (!/^application\/json\b/i.test(call.request.headers["content-type"] ?? "")) {
      throw cannotParse("The Content-Type must be application/json.");
    }
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      throw cannotParse("The request body is not valid JSON.");
    }
    const place = placeOf(call, grant);
    const request = parseRequest(operation, body);
    if (LOCAL_PARTNER_TAGS[place.code] !== request.body.partnerTag) {
      throw creatorsError(
        400,
        "ValidationException",
        "Partner tag in the request is invalid or is not mapped to the store associated with your credential.",
        { reason: "InvalidPartnerTag" },
      );
    }
    const inBody = request.body.marketplace;
    if (inBody !== undefined && findMarketplace(inBody) === undefined) throw fieldError(["marketplace"]);
    if (operation === "getItems") call.countIds(idsOf(request).length);
    const failing = idsOf(request).map((asin) => behaviour.now.fail_calls_with_asins[asin]);
    const status = failing.find((one) => one !== undefined);
    if (status === 429) throw throttled(1000);
    if (status !== undefined) return creatorsFault(status);
    const context = { products, place, switches: behaviour.now, random: call.random };
    return { status: 200, body: run(request, context) };
  };

  const namespaced = (reply: Reply): Reply => {
    const body = reply.body;
    if (!behaviour.now.namespaced_error_types || typeof body !== "object" || body === null || !("type" in body))
      return reply;
    const { type, ...rest } = body;
    return { ...reply, body: { __type: `com.amazon.creators#${String(type)}`, ...rest } };
  };

  const definition: SimulatorDefinition<typeof behaviour.now> = {
    behaviour,
    route: (_, url) => {
      if (TokenDesk.familyOfPath(url.pathname)) return { kind: "token", operation: "token" };
      return { kind: "api", operation: PATH.exec(url.pathname)?.[1] ?? "unknown" };
    },
    admit: (call, kind) => {
      if (kind === "api") admitCatalogCall(call);
    },
    answer: async (call, kind) => {
      if (kind === "api") {
        try {
          return namespaced(await answerCatalogCall(call));
        } catch (error) {
          if (error instanceof ReplyError) throw new ReplyError(namespaced(error.reply));
          throw error;
        }
      }
      const family = TokenDesk.familyOfPath(call.url.pathname) ?? "lwa";
      const { method = "", headers } = call.request;
      const body = (await readBody(call.request)).toString("utf8");
      const where = { method, headers, body, host: headers.host ?? "", pathname: call.url.pathname };
      return desk.issue(family, where, call.atMs, behaviour.now.token_expires_in);
    },
    fault: creatorsFault,
    resetLimits: () => accounts.clear(),
    controlRoutes: { "POST /revoke-tokens": () => desk.revokeAll() },
  };
  return runSimulator(definition, options);
};
