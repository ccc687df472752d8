import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { PUSH_LIMITS, within } from "../aws/client-limits.ts";

/**
 * The client for the connections of one WebSocket API, built once per cold start. Apart from the other clients, so that functions
 * which have no connections do not carry it.
 * @param address where API Gateway takes messages for them; a path is one of the endpoint that the environment names
 */
export const createConnectionsClient = (address: string, limits = PUSH_LIMITS): ApiGatewayManagementApiClient =>
  new ApiGatewayManagementApiClient({
    ...within(limits),
    endpoint: new URL(address, process.env.AWS_ENDPOINT_URL).href,
  });
