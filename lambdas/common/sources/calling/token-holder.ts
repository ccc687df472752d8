import type { SourceContext } from "../../core/sources/source-client.ts";
import { createRefusalMemory } from "./refusal-memory.ts";

/**
 * How long a token is used without a read of the shared cache, in milliseconds. The cache gives no token that ends
 * within 30 s, so a token kept for less never ends in use. A token just issued is kept for at most half its lifetime.
 */
const KEEP_MS = 20_000;

/** A token just issued, and its lifetime. */
export interface FreshToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** The current access token of one credential. */
export interface TokenHolder {
  /**
   * Returns it for the next call.
   * @throws SourceError critical when the credentials are refused, throttled or retriable when the token service fails
   */
  get(signal: AbortSignal): Promise<string>;
  /** Drops a refused token, unless another instance has renewed it already. */
  refuse(token: string): Promise<void>;
}

/**
 * Holds the current token of one credential: in memory for a short time, in the shared cache for its lifetime. For a
 * minute after the token service refused the credential, `get` throws that refusal again.
 * @param key of the token in the shared cache
 * @param fetchToken fetches a new token and shares it
 */
export const createTokenHolder = (
  context: Pick<SourceContext<unknown>, "clock" | "tokens">,
  key: string,
  fetchToken: (signal: AbortSignal) => Promise<FreshToken>,
): TokenHolder => {
  const unlessRefused = createRefusalMemory(context.clock);
  let kept: { token: string; until: number } | undefined;
  return {
    get: async (signal) => {
      if (kept && context.clock.now() < kept.until) return kept.token;
      const shared = await context.tokens.get(key);
      const { token, lifetimeMs } =
        shared === undefined
          ? await unlessRefused(() => fetchToken(signal))
          : { token: shared, lifetimeMs: 2 * KEEP_MS };
      kept = { token, until: context.clock.now() + Math.min(KEEP_MS, lifetimeMs / 2) };
      return token;
    },
    refuse: async (token) => {
      kept = undefined;
      if ((await context.tokens.get(key)) === token) await context.tokens.drop(key);
    },
  };
};
