import { switchedOff } from "../common/core/webhooks/endpoint.ts";
import type { Deps } from "./deps.ts";

/**
 * Switches off all endpoints of somebody who was removed or may not sign in any more, so that no further deliveries are made for them.
 * @throws TransientError
 */
export const endForOwner = async (
  { endpoints, clock, log }: Pick<Deps, "endpoints" | "clock" | "log">,
  userId: string,
): Promise<void> => {
  await endpoints.change(userId, (stored) => {
    const off = stored.map((endpoint) => switchedOff(endpoint, "owner_gone", clock.now()));
    return off.every((endpoint, place) => endpoint === stored[place]) ? stored : off;
  });
  log.info("the endpoints of a user who is gone are off", { user_id: userId });
};
