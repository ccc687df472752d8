import type { Clock } from "../../core/clock.ts";
import { SourceError } from "../../core/sources/source-error.ts";

/** How long refused credentials count as refused, in milliseconds. New credentials come with a new client. */
const REMEMBER_MS = 60_000;

/** Makes a token request, or throws the refusal of the last one. */
export type RefusalMemory = <Token>(request: () => Promise<Token>) => Promise<Token>;

/**
 * Remembers that the token service refused the credentials of one client, which are those of one version of the secret.
 * A call granted before the pause, or a probe, that requests a token within a minute gets the same refusal.
 * Passing failures are not remembered.
 */
export const createRefusalMemory = (clock: Pick<Clock, "now">): RefusalMemory => {
  let refused: { readonly error: SourceError; readonly until: number } | undefined;
  return async (request) => {
    if (refused && clock.now() < refused.until) throw refused.error;
    try {
      return await request();
    } catch (error) {
      if (error instanceof SourceError && error.failureClass === "critical") {
        refused = { error, until: clock.now() + REMEMBER_MS };
      }
      throw error;
    }
  };
};
