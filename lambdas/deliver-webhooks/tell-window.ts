import { eventsOfWindow } from "../common/core/webhooks/product-window.ts";
import { deliverTo, endpointsFor } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";

/**
 * Closes a window of products and makes its deliveries. Safe to repeat: what is in a closed window stays the same.
 * @throws TransientError
 */
export const tellWindow = async (
  deps: Pick<Deps, "endpoints" | "windows" | "deliveries" | "queue" | "clock">,
  window: string,
): Promise<void> => {
  const closed = await deps.windows.close(window, deps.clock.now());
  if (!closed || closed.announced) return;
  const events = eventsOfWindow(window, closed.keys);
  for (const userId of await deps.endpoints.subscribers()) {
    for (const { webhook_id } of await endpointsFor(deps.endpoints, userId, "product.updated")) {
      for (const event of events) await deliverTo(deps, { userId, webhookId: webhook_id }, event);
    }
  }
  await deps.windows.noteAnnounced(window);
};
