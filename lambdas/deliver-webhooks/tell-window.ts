import { eventsOfWindow } from "../common/core/webhooks/product-window.ts";
import { deliverTo, endpointsFor } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";
import { Separately } from "./separately.ts";

/**
 * Closes a window of products and makes its deliveries. Safe to repeat: what is in a closed window stays the same. A subscriber whose
 * deliveries cannot be made keeps the window from nobody else.
 * @throws what failed first, after all others were told
 */
export const tellWindow = async (
  deps: Pick<Deps, "endpoints" | "windows" | "deliveries" | "queue" | "clock" | "log">,
  window: string,
): Promise<void> => {
  const closed = await deps.windows.close(window, deps.clock.now());
  if (!closed || closed.announced) return;
  const events = eventsOfWindow(window, closed.keys);
  const separately = new Separately(deps);
  for (const userId of await deps.endpoints.subscribers()) {
    await separately.part({ window, user_id: userId }, async () => {
      for (const { webhook_id } of await endpointsFor(deps.endpoints, userId, "product.updated")) {
        for (const event of events) await deliverTo(deps, { userId, webhookId: webhook_id }, event);
      }
    });
  }
  separately.end();
  await deps.windows.noteAnnounced(window);
};
