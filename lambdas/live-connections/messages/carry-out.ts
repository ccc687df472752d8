import type { LiveConnection } from "../../common/adapters/dynamodb/live/live-connections.ts";
import { isoTime } from "../../common/core/clock.ts";
import { NotFoundError, ValidationError } from "../../common/core/errors.ts";
import { type CatalogProgress, progressBeforeRun, progressOfRun } from "../../common/core/live/catalog-progress.ts";
import { catalogChannel, sellerChannel } from "../../common/core/live/channels.ts";
import type { ClientMessage } from "../../common/core/live/client-message.ts";
import type { ServerMessage } from "../../common/core/live/server-message.ts";
import type { Deps } from "../deps.ts";

/** Sends a message to the connection at hand. */
export type Send = (message: ServerMessage) => Promise<void>;

/** Does what a message asks for. @throws ValidationError, NotFoundError or TransientError, for the client */
export const carryOut = async (
  deps: Pick<Deps, "connections" | "catalogs" | "runs" | "clock">,
  connection: LiveConnection,
  message: ClientMessage,
  send: Send,
): Promise<void> => {
  switch (message.action) {
    case "ping":
      return send({ type: "pong", timestamp: isoTime(deps.clock.now()) });
    case "subscribe_to_seller":
      await deps.connections.subscribe(connection, sellerChannel(message.seller_handle));
      return send({ type: "subscribed", seller_handle: message.seller_handle });
    case "unsubscribe_from_seller":
      await deps.connections.unsubscribe(connection.connectionId, sellerChannel(message.seller_handle));
      return send({ type: "unsubscribed", seller_handle: message.seller_handle });
    case "subscribe_to_catalog":
      return subscribeToCatalog(deps, connection, message.catalog_id, send);
  }
};

/**
 * The snapshot is read after the listener was noted: what is committed later is pushed, so nothing falls between the two. A push
 * that overtakes the snapshot has a higher sequence.
 */
const subscribeToCatalog = async (
  deps: Pick<Deps, "connections" | "catalogs" | "runs">,
  connection: LiveConnection,
  catalogId: string,
  send: Send,
): Promise<void> => {
  const { userId } = connection;
  if (userId === undefined) {
    throw new ValidationError("Connect with a ticket: POST /live/tickets, then <web_socket_url>?ticket=<ticket>.", {
      code: "ticket_required",
    });
  }
  // Before anything is noted: others' catalogs do not exist.
  await deps.catalogs.getCatalog(catalogId, userId);
  await deps.connections.subscribe(connection, catalogChannel(catalogId));
  await send({ type: "subscribed", catalog_id: catalogId });
  await send(await snapshot(deps, catalogId, userId));
};

const snapshot = async (
  { catalogs, runs }: Pick<Deps, "catalogs" | "runs">,
  catalogId: string,
  userId: string,
): Promise<CatalogProgress> => {
  const catalog = await catalogs.getCatalog(catalogId, userId);
  if (catalog.tracking_id === null) return progressBeforeRun(catalog);
  const run = await runs.getRun(catalogId, catalog.tracking_id);
  if (!run) throw new NotFoundError("The run of this catalog is gone.");
  return progressOfRun(run);
};
