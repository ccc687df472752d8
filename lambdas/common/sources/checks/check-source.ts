import type { Clock } from "../../core/clock.ts";
import type { SourceCheck } from "../../core/contract/operations/probes.ts";
import type { RateLimit, RateLimiter } from "../../core/limiter/rate-limiter.ts";
import { type ShopSettings, withPartnerTags } from "../../core/marketplaces/shop-settings.ts";
import { sourceWords } from "../../core/sources/explain-state.ts";
import { problemLine, readSecret } from "../../core/sources/secrets/read-secret.ts";
import type { SecretReader } from "../../core/sources/secrets/secret-reader.ts";
import type { TokenCache } from "../../core/sources/source-client.ts";
import type { ProbeReport, SourceDescriptor } from "../../core/sources/source-descriptor.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { sourceLimit } from "../../core/sources/source-limit.ts";
import type { SourceSettings } from "../../core/sources/source-settings.ts";
import { sourceStateOf } from "../../core/sources/source-states.ts";
import type { UpstreamFetch } from "../../core/sources/upstream/upstream-fetch.ts";
import type { CallRecord } from "../chain/chain-deps.ts";
import type { ChainSource } from "../chain/chain-source.ts";
import { explainCode } from "./explain-code.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { type FreshTokens, freshTokens } from "./fresh-tokens.ts";
import { type ProbedInSlot, probeInSlot } from "./probe-in-slot.ts";

/** Dependencies of a check. */
export interface CheckSourceDeps {
  readonly secrets: SecretReader;
  readonly limiter: RateLimiter;
  readonly tokens: TokenCache;
  /** Whether this version of the credentials is the first of its kind under a limit key. */
  readonly isNewSecret: (limitKey: string, version: string) => Promise<boolean>;
  /** Called with each call that was made. */
  readonly countCall: (call: CallRecord) => void;
  /** Called with the source as it can be asked. */
  readonly sees: (sources: readonly ChainSource[]) => void;
  /** What operators set for shops. @throws TransientError */
  readonly shops: () => Promise<ShopSettings>;
  readonly clock: Clock;
  readonly fetch: UpstreamFetch;
}

/** What to check. */
export interface CheckRequest {
  readonly descriptor: SourceDescriptor;
  readonly settings: SourceSettings;
  /** Shop to ask, by code; absent: the first that the credentials serve. */
  readonly marketplace?: string | undefined;
}

type Checks = SourceCheck["checks"];
type Found = Pick<SourceCheck, "ok" | "reason" | "next_step" | "marketplace" | "checks">;

const passed = (name: Checks[number]["name"], detail: string): Checks[number] => ({ name, ok: true, detail });
const failed = (name: Checks[number]["name"], detail: string): Checks[number] => ({ name, ok: false, detail });

/** The source's own text for an error: its probe runs with a client that only throws it. */
const wordsFor = (descriptor: SourceDescriptor, error: SourceError, marketplace: string): Promise<ProbeReport> =>
  descriptor.probe({ fetchProducts: () => Promise.reject(error) }, marketplace);

const refusalWords = async (
  descriptor: SourceDescriptor,
  code: string,
  marketplace: string,
): Promise<Pick<Found, "reason" | "next_step">> => {
  const failureClass = descriptor.classifyError(code);
  const error = new SourceError(descriptor.id, { code, status: null, failureClass, message: code });
  const { reason, next_step } = await wordsFor(descriptor, error, marketplace);
  return { reason, next_step };
};

const noShop = ({ id }: SourceDescriptor): Pick<Found, "reason" | "next_step"> => ({
  reason: `The stored credentials of ${id} serve no shop: there is no partner tag for any shop of their region.`,
  next_step: `Check that the credentials belong to the region of your shops, and that partner_tags names one of its shops. Then store them again with: enrichline credentials set ${id}`,
});

const tokenCheck = (tokens: FreshTokens): Checks =>
  tokens.wanted() ? [passed("token", "An access token was issued.")] : [];

const judge = async (
  deps: CheckSourceDeps,
  { descriptor }: CheckRequest,
  parts: { limit: RateLimit; marketplace: string; tokens: FreshTokens; checks: Checks },
  called: ProbedInSlot,
): Promise<Found> => {
  const { marketplace, tokens, checks, limit } = parts;
  const { result } = called;
  if (result.kind === "refused" || result.kind === "stopped") {
    const nowMs = deps.clock.now();
    const state = await deps.limiter.state(limit);
    const refusal =
      result.kind === "refused" ? result.refusal : ({ granted: false, reason: "rate", retryAtMs: nowMs } as const);
    const words = explainRefusal(descriptor.id, refusal, state, nowMs);
    const all = [...checks, ...tokenCheck(tokens), failed("one call", words.reason)];
    return { ok: false, ...words, marketplace, checks: all };
  }
  if (result.kind === "answered") {
    const { reason, next_step } = called.report ?? { reason: `${descriptor.id} answers.`, next_step: "" };
    const all = [...checks, ...tokenCheck(tokens), passed("one call", `${marketplace} was asked and answered.`)];
    return { ok: true, reason, next_step, marketplace, checks: all };
  }
  const { reason, next_step } = await wordsFor(descriptor, result.error, marketplace);
  const detail = `${result.error.code}: ${reason}`;
  const withoutToken = result.beforeCall || (tokens.wanted() && !tokens.made());
  const all = withoutToken
    ? [...checks, failed("token", detail)]
    : [...checks, ...tokenCheck(tokens), failed("one call", detail)];
  return { ok: false, reason, next_step, marketplace, checks: all };
};

/** Reads the secret as it is stored now. `secret` is null for a source that needs none. */
const readNow = async (
  deps: CheckSourceDeps,
  { id, secretSchema }: SourceDescriptor,
): Promise<
  | { readonly ok: true; readonly secret: unknown; readonly version: string; readonly checks: Checks }
  | { readonly ok: false; readonly found: Found }
> => {
  if (secretSchema === null) return { ok: true, secret: null, version: "none", checks: [] };
  deps.secrets.forget(id);
  const stored = await deps.secrets.read(id);
  const read = stored ? readSecret(secretSchema, stored.text) : undefined;
  if (stored && read?.ok) {
    const checks = [passed("credentials shape", "All fields are there.")];
    return { ok: true, secret: withPartnerTags(read.secret, await deps.shops()), version: stored.version, checks };
  }
  const secretProblems = read && !read.ok ? read.problems : [];
  const words = sourceWords({ id, state: null, secretProblems }, "not_configured", deps.clock.now(), explainCode);
  const detail = secretProblems.length === 0 ? "No credentials are stored." : problemLine(secretProblems);
  return {
    ok: false,
    found: { ok: false, ...words, marketplace: null, checks: [failed("credentials shape", detail)] },
  };
};

/**
 * Finds out whether a source works, step by step: the shape of its credentials as they are stored now, a new access
 * token, one cheap call in its own slot. Credentials seen for the first time end a pause. Otherwise a source that is
 * paused or has used up its day is not called, and the text says so.
 * @throws TransientError when secrets or the limiter's store cannot be reached
 */
export const checkSource = async (deps: CheckSourceDeps, request: CheckRequest): Promise<SourceCheck> => {
  const { descriptor, settings } = request;
  const source = descriptor.id;
  const stored = await readNow(deps, descriptor);
  if (!stored.ok) return { source, state: "not_configured", ...stored.found };
  const { secret, version, checks } = stored;
  const account = descriptor.account(secret);
  const limits = descriptor.operations.map((operation) => sourceLimit(descriptor, operation, settings, account));
  const [limit] = limits;
  if (!limit) throw new Error(`${source} has no operation`);
  for (const key of new Set(limits.map(({ limitKey }) => limitKey))) {
    if (descriptor.secretSchema !== null && (await deps.isNewSecret(key, version))) await deps.limiter.clearPause(key);
  }
  const tokens = freshTokens(deps.tokens);
  const client = descriptor.create({
    secret,
    secretVersion: version,
    endpoints: settings.endpoints,
    extras: settings,
    clock: deps.clock,
    tokens: tokens.cache,
    fetch: deps.fetch,
  });
  const served = (descriptor.shops?.(secret) ?? descriptor.marketplaces).filter(
    (code) => (client.refusalFor?.(code) ?? null) === null,
  );
  const marketplace = request.marketplace ?? served[0];
  const refusal = marketplace === undefined ? null : (client.refusalFor?.(marketplace) ?? null);
  const currentState = async () => sourceStateOf(await deps.limiter.state(limit), deps.clock.now());
  if (marketplace === undefined || refusal !== null) {
    const words =
      marketplace && refusal ? await refusalWords(descriptor, refusal.code, marketplace) : noShop(descriptor);
    const failing = [failed("credentials shape", words.reason)];
    return {
      source,
      state: await currentState(),
      ok: false,
      ...words,
      marketplace: marketplace ?? null,
      checks: failing,
    };
  }
  deps.sees([{ descriptor, client, limitFor: (operation) => sourceLimit(descriptor, operation, settings, account) }]);
  const called = await probeInSlot(deps, { descriptor, client, limit, marketplace });
  const found = await judge(deps, request, { limit, marketplace, tokens, checks }, called);
  return { source, state: await currentState(), ...found };
};
