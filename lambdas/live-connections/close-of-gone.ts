import { errorWords } from "../common/core/error-words.ts";
import type { Deps } from "./deps.ts";

/** Users that one call asks for: Cognito lists 30 times a second for all of a region. */
const MAX_ASKED = 200;

/**
 * Closes the connections of users who were removed or may not sign in any more: one that only listens sends no message at which that
 * would be seen. Where more users are connected than one call asks for, chance says whose turn it is. What fails now is done by the
 * next call.
 */
export const closeOfGone = async (
  { owners, sockets, connections, log, random }: Pick<Deps, "owners" | "sockets" | "connections" | "log" | "random">,
  ofUsers: ReadonlyMap<string, readonly string[]>,
): Promise<void> => {
  const users = [...ofUsers];
  const first = Math.floor(random() * users.length);
  try {
    for (const [userId, connectionIds] of [...users.slice(first), ...users.slice(0, first)].slice(0, MAX_ASKED)) {
      if (await owners.isPresent({ userId })) continue;
      for (const connectionId of connectionIds) {
        await sockets.disconnect(connectionId);
        await connections.close(connectionId);
      }
      log.info("connections of a user who is gone are closed", { user_id: userId, connections: connectionIds.length });
    }
  } catch (error) {
    log.warn("connections of users who are gone could not be closed", { error: errorWords(error) });
  }
};
