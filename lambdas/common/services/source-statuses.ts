import type { Clock } from "../core/clock.ts";
import type { FieldProblem } from "../core/errors.ts";
import type { EstimateSource } from "../core/estimates/estimate.ts";
import type { LimitState, RateLimit, RateLimiter } from "../core/limiter/rate-limiter.ts";
import type { SourceId } from "../core/source-ids.ts";
import { applyExtras } from "../core/sources/apply-extras.ts";
import { OFFERS_OPERATION, VARIATIONS_OPERATION } from "../core/sources/operation-names.ts";
import { readSecret } from "../core/sources/secrets/read-secret.ts";
import type { SecretReader } from "../core/sources/secrets/secret-reader.ts";
import type { SourceFacts, SourceOperation } from "../core/sources/source-descriptor.ts";
import { distinctLimits, sourceLimit } from "../core/sources/source-limit.ts";
import type { SourceSettings } from "../core/sources/source-settings.ts";

/** One enabled source and its present state. */
export interface SourceStatus {
  readonly id: SourceId;
  /** Whether usable credentials exist, or none are needed. */
  readonly configured: boolean;
  /** The operation that fetches products. */
  readonly operation: SourceOperation;
  /** The operation that fetches prices, where it is a separate one. */
  readonly offers?: { readonly idsPerCall: number; readonly callsPerSecond: number } | undefined;
  /** Whether it can list variations. */
  readonly listsVariations?: boolean;
  readonly marketplaces: readonly string[];
  readonly limit: RateLimit;
  /** Null for a source that is not configured: it has no account with a limit. */
  readonly state: LimitState | null;
  /** States of the further limits that its other operations have (SP-API's prices). @default none */
  readonly otherStates?: readonly LimitState[];
  /** What is wrong with the stored credentials; empty or absent when nothing is, or none are stored. */
  readonly secretProblems?: readonly FieldProblem[];
  /** Whether its content was revoked, so that it is not asked. @default false */
  readonly isRevoked?: boolean;
}

/** Dependencies of the reader. */
export interface SourceStatusesDeps {
  /** Enabled sources in the order in which they are asked. */
  readonly settings: readonly SourceSettings[];
  readonly describe: (id: SourceId) => SourceFacts | undefined;
  /** Sources that may not be asked because their content was revoked. @throws TransientError */
  readonly revoked: () => Promise<ReadonlySet<SourceId>>;
  readonly secrets: Pick<SecretReader, "read">;
  readonly limiter: Pick<RateLimiter, "state">;
  readonly clock: Pick<Clock, "now">;
}

/** Reads the state of every enabled source, in order, without any upstream call. */
export type ReadSourceStatuses = () => Promise<readonly SourceStatus[]>;

/** Polling clients ask every second; an answer this old is recent enough for them. */
const REUSE_MS = 3_000;

/**
 * The account of the source's limits. Null when the source is not configured, or when its stored secret has the wrong
 * form, which has the same effect: no call can be made.
 */
const accountOf = async (
  facts: SourceFacts,
  secrets: Pick<SecretReader, "read">,
): Promise<{ readonly account: string | null; readonly problems: readonly FieldProblem[] }> => {
  if (facts.secretSchema === null) return { account: facts.account(null), problems: [] };
  const stored = await secrets.read(facts.id);
  if (!stored) return { account: null, problems: [] };
  const read = readSecret(facts.secretSchema, stored.text);
  return read.ok ? { account: facts.account(read.secret), problems: [] } : { account: null, problems: read.problems };
};

const NO_ACCOUNT = { account: null, problems: [] };

const offersOf = (
  operations: readonly SourceOperation[],
  limitFor: (operation: SourceOperation) => RateLimit,
): SourceStatus["offers"] => {
  const offers = operations.find(({ name }) => name === OFFERS_OPERATION);
  if (!offers) return undefined;
  const { callsPerSecond, allowanceShare } = limitFor(offers);
  return { idsPerCall: offers.idsPerCall, callsPerSecond: callsPerSecond * allowanceShare };
};

/** Builds the reader of `SourceStatus`s; an answer is reused for 3 s. A source that this build does not have is left out. */
export const createReadSourceStatuses = (deps: SourceStatusesDeps): ReadSourceStatuses => {
  let last: { readonly at: number; readonly statuses: Promise<readonly SourceStatus[]> } | undefined;

  const read = async (settings: SourceSettings, revoked: ReadonlySet<SourceId>): Promise<SourceStatus[]> => {
    const described = deps.describe(settings.id);
    const facts = described && applyExtras(described, settings);
    const operation = facts?.operations[0];
    if (!facts || !operation) return [];
    const isRevoked = revoked.has(settings.id);
    const { account, problems } = isRevoked ? NO_ACCOUNT : await accountOf(facts, deps.secrets);
    const limitFor = (one: SourceOperation): RateLimit => sourceLimit(facts, one, settings, account ?? "none");
    const limit = limitFor(operation);
    const limits = distinctLimits(facts.operations, limitFor);
    const states = account === null ? [] : await Promise.all(limits.map((one) => deps.limiter.state(one)));
    const [state = null, ...otherStates] = states;
    return [
      {
        id: settings.id,
        configured: account !== null,
        operation,
        offers: offersOf(facts.operations, limitFor),
        listsVariations: facts.operations.some(({ name }) => name === VARIATIONS_OPERATION),
        marketplaces: facts.marketplaces,
        limit,
        state,
        otherStates,
        secretProblems: problems,
        isRevoked,
      },
    ];
  };

  return async () => {
    const now = deps.clock.now();
    if (!last || now - last.at >= REUSE_MS) {
      const statuses = deps
        .revoked()
        .then((revoked) => Promise.all(deps.settings.map((one) => read(one, revoked))))
        .then((found) => found.flat());
      last = { at: now, statuses };
      // A failed read must not be served again.
      statuses.catch(() => {
        last = undefined;
      });
    }
    return last.statuses;
  };
};

/** The source in the form of `estimateRun`; undefined when it is not configured. */
export const toEstimateSource = (status: SourceStatus): EstimateSource | undefined => {
  const { state, limit, operation } = status;
  if (!state) return undefined;
  return {
    id: status.id,
    idsPerCall: operation.idsPerCall,
    cost: operation.cost,
    callsPerSecond: state.callsPerSecond,
    unitsPerDay: limit.unitsPerDay === null ? null : Math.floor(limit.unitsPerDay * limit.allowanceShare),
    leftToday: state.leftToday,
    blockedUntilMs: state.blockedUntilMs,
    marketplaces: status.marketplaces,
    offers: status.offers,
    listsVariations: status.listsVariations ?? false,
  };
};
