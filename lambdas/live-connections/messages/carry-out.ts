import type { LiveConnection } from "../../common/adapters/dynamodb/live/live-connections.ts";
import type { CatalogWithRun } from "../../common/adapters/dynamodb/live/newest-run.ts";
import { isoTime } from "../../common/core/clock.ts";
import { NotFoundError, ValidationError } from "../../common/core/errors.ts";
import { type CatalogProgress, progressBeforeRun, progressOfRun } from "../../common/core/live/catalog-progress.ts";
import { type Channel, catalogChannel, sellerChannel } from "../../common/core/live/channels.ts";
import type { ClientMessage } from "../../common/core/live/client-message.ts";
import type { ServerMessage } from "../../common/core/live/server-message.ts";
import type { Deps } from "../deps.ts";

/** Sends a message to the connection at hand. */
export type Send = (message: ServerMessage) => Promise<void>;

/** The channel that a message subscribes to; undefined when it subscribes to none. */
export const channelOf = (message: ClientMessage): Channel | undefined => {
  switch (message.action) {
    case "subscribe_to_seller":
      return sellerChannel(message.seller_handle);
    case "subscribe_to_catalog":
      return catalogChannel(message.catalog_id);
    default:
      return undefined;
  }
};

/**
 * Does what a message asks for.
 * @param connection as it was before its channel was noted
 * @throws ValidationError, NotFoundError or TransientError, for the client
 */
export const carryOut = async (
  deps: Pick<Deps, "connections" | "catalogs" | "newestRun" | "clock">,
  connection: LiveConnection,
  message: ClientMessage,
  send: Send,
): Promise<void> => {
  switch (message.action) {
    case "ping":
      return send({ type: "pong", timestamp: isoTime(deps.clock.now()) });
    case "subscribe_to_seller":
      await deps.connections.listen(connection, sellerChannel(message.seller_handle));
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
  { connections, catalogs, newestRun }: Pick<Deps, "connections" | "catalogs" | "newestRun">,
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
  // Before anybody listens: others' catalogs do not exist.
  const catalog = await catalogs.getCatalog(catalogId, userId);
  await connections.listen(connection, catalogChannel(catalogId));
  await send({ type: "subscribed", catalog_id: catalogId });
  await send(snapshotOf(await newestRun.read(catalog, userId)));
};

const snapshotOf = ({ catalog, run }: CatalogWithRun): CatalogProgress => {
  if (catalog.tracking_id === null) return progressBeforeRun(catalog);
  if (!run) throw new NotFoundError("The run of this catalog is gone.");
  return progressOfRun(run);
};
