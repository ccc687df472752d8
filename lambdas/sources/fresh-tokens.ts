import type { TokenCache } from "../core/sources/source-client.ts";

/** A token cache that knows no token from before, and what was asked of it. */
export interface FreshTokens {
  readonly cache: TokenCache;
  /** Whether the source wanted a token at all. */
  wanted(): boolean;
  /** Whether the source was given one. */
  made(): boolean;
}

/**
 * Makes a source fetch its token anew, because one from before says nothing about credentials that were withdrawn
 * since. What it fetches is shared with everybody else.
 */
export const freshTokens = (shared: TokenCache): FreshTokens => {
  const own = new Map<string, string>();
  let wanted = false;
  let made = false;
  return {
    cache: {
      get: async (key) => {
        wanted = true;
        return own.get(key);
      },
      put: async (key, token, expiresAtMs) => {
        made = true;
        own.set(key, token);
        await shared.put(key, token, expiresAtMs);
      },
      drop: async (key) => {
        own.delete(key);
        await shared.drop(key);
      },
    },
    wanted: () => wanted,
    made: () => made,
  };
};
