import { CONNECTION_SECONDS } from "../../lambdas/common/core/live/live-limits.ts";

/*
 * What API Gateway allows WebSocket connections, so that what works here works there.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */

/** New connections a second of an account; more are answered 429. */
export const NEW_CONNECTIONS_PER_SECOND = 500;
/** Largest message in either direction, bytes; the largest frame is `MAX_FRAME_BYTES` of the live line. */
export const MAX_PAYLOAD_BYTES = 128 * 1_024;
/** Without a message in either direction for so long a connection is closed. */
export const IDLE_MS = 600_000;
export const DURATION_MS = CONNECTION_SECONDS * 1_000;
/** Longest that a function may take to answer. */
export const INTEGRATION_MS = 29_000;
/**
 * Bytes that wait for a client which does not read; more are refused with 429. How many AWS lets wait is not published.
 * @see https://docs.aws.amazon.com/botocore/latest/reference/services/apigatewaymanagementapi/client/exceptions/LimitExceededException.html
 */
export const MAX_UNREAD_BYTES = 1_024 * 1_024;
