/** API Gateway closes a WebSocket connection after two hours, so nothing about it is valid longer. */
export const CONNECTION_SECONDS = 2 * 3_600;

/** How long a ticket can be used to connect. */
export const TICKET_SECONDS = 60;

/** Channels of one connection. A screen shows a page of catalogs at most. */
export const MAX_SUBSCRIPTIONS = 50;

/** Largest message of a client, bytes of UTF-8: the longest valid one takes 200. */
export const MAX_MESSAGE_BYTES = 4_096;

/** Largest frame that API Gateway sends, bytes. */
export const MAX_FRAME_BYTES = 32 * 1_024;

/** Least time between two updates of one run, milliseconds: four a second. */
export const UPDATE_INTERVAL_MS = 250;
