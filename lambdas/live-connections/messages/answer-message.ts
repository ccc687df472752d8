import type { LiveConnection } from "../../common/adapters/dynamodb/live/live-connections.ts";
import { isoTime } from "../../common/core/clock.ts";
import { errorStack, errorWords } from "../../common/core/error-words.ts";
import { EnrichlineError } from "../../common/core/errors.ts";
import { type ClientMessage, readClientMessage } from "../../common/core/live/client-message.ts";
import type { ServerMessage } from "../../common/core/live/server-message.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import type { Deps } from "../deps.ts";
import { carryOut, channelOf, type Send } from "./carry-out.ts";

const EXPIRED: ServerMessage = {
  type: "error",
  code: "connection_expired",
  message: "This connection is not known any more: connect again and restore your subscriptions.",
};

/** What a client is sent for an error; only errors that are made on purpose show their own words. */
const errorMessage = (error: unknown): ServerMessage & { readonly type: "error" } =>
  error instanceof EnrichlineError
    ? { type: "error", code: error.code, message: error.retryable ? "Try again in a moment." : error.message }
    : { type: "error", code: "internal_error", message: "This could not be done; try again in a moment." };

/** An answer did not arrive. */
class UnreachedError extends Error {
  override readonly name = "UnreachedError";
}

/**
 * Answers a message of a client by messages to its connection. Bad input is answered by `error` and closes nothing. The first
 * answer of a connection is preceded by `connected`, because API Gateway sends nothing before a connection is open. Where an
 * answer does not arrive the connection is closed: its client connects again, and so misses no snapshot.
 */
export const answerMessage = async (deps: Deps, connectionId: string, text: string): Promise<void> => {
  const send = async (message: ServerMessage): Promise<void> => {
    const result = await deps.sockets.send(connectionId, message).catch((cause: unknown) => {
      throw new UnreachedError("an answer did not arrive", { cause });
    });
    if (result !== "sent") throw new UnreachedError(`the connection is ${result}`);
  };
  try {
    await answer(deps, connectionId, text, send).catch((error: unknown) => sendError(deps, error, send));
  } catch (error) {
    if (!(error instanceof UnreachedError)) throw error;
    await hangUp(deps, connectionId, error);
  }
};

const answer = async (deps: Deps, connectionId: string, text: string, send: Send): Promise<void> => {
  const message = readMessage(text);
  const channel = message instanceof EnrichlineError ? undefined : channelOf(message);
  const connection = channel
    ? await deps.connections.noteChannel(connectionId, channel, deps.clock.now())
    : await deps.connections.find(connectionId, deps.clock.now());
  if (!connection) {
    await send(EXPIRED);
    throw new UnreachedError("the connection is not known");
  }
  const { userId } = connection;
  if (userId !== undefined && !(await deps.owners.isPresent({ userId }))) throw new UnreachedError("its user is gone");
  if (!connection.isGreeted) {
    await greet(connection, send);
    if (!channel) await deps.connections.noteGreeted(connectionId);
  }
  if (message instanceof EnrichlineError) throw message;
  try {
    await carryOut(deps, connection, message, send);
  } catch (error) {
    // Else it would count among the subscriptions of the connection.
    if (channel && error instanceof EnrichlineError && !error.retryable) {
      await deps.connections.unsubscribe(connectionId, channel);
    }
    throw error;
  }
};

/** The error is given and not thrown: it is for a connection that has to be greeted first. */
const readMessage = (text: string): ClientMessage | EnrichlineError => {
  try {
    return readClientMessage(text);
  } catch (error) {
    if (error instanceof EnrichlineError) return error;
    throw error;
  }
};

const sendError = async (deps: Pick<Deps, "meter" | "log">, error: unknown, send: Send): Promise<void> => {
  if (error instanceof UnreachedError) throw error;
  const message = errorMessage(error);
  const isOurs = !(error instanceof EnrichlineError) || error.retryable;
  if (isOurs) {
    deps.meter.count(METRICS.WEB_SOCKET_ERRORS, 1);
    deps.log.error("a message could not be answered", { code: message.code, error: errorStack(error) });
  }
  await send(message);
};

/** If API Gateway does not even close it, its rows go all the same: the client's next message is then answered by `connection_expired`. */
const hangUp = async (
  { connections, sockets, log }: Pick<Deps, "connections" | "sockets" | "log">,
  connectionId: string,
  error: UnreachedError,
): Promise<void> => {
  log.info("connection closed", {
    reason: error.message,
    cause: error.cause === undefined ? "" : errorWords(error.cause),
  });
  try {
    await sockets.disconnect(connectionId);
  } finally {
    await connections.close(connectionId);
  }
};

const greet = ({ connectionId, expiresAt }: LiveConnection, send: Send): Promise<void> =>
  send({ type: "connected", connection_id: connectionId, expires_at: isoTime(expiresAt * 1_000) });
