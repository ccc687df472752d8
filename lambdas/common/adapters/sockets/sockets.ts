import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import type { ServerMessage } from "../../core/live/server-message.ts";
import { sdkErrorName, translateSdkError } from "../aws/sdk-errors.ts";

/** What became of a message. */
export type SendResult = "sent" | "gone" | "limited";

/** The open WebSocket connections, as API Gateway lets functions write to them. */
export class Sockets {
  readonly #client: ApiGatewayManagementApiClient;

  constructor(client: ApiGatewayManagementApiClient) {
    this.#client = client;
  }

  /**
   * Sends a message.
   * @returns `gone` when the connection is closed; `limited` when its client reads too slowly or too much is sent at a time, which
   * API Gateway does not tell apart
   * @throws TransientError when it cannot be sent now
   */
  async send(connectionId: string, message: ServerMessage | string): Promise<SendResult> {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    try {
      await this.#client.send(
        new PostToConnectionCommand({ ConnectionId: connectionId, Data: new TextEncoder().encode(text) }),
      );
      return "sent";
    } catch (error) {
      const name = sdkErrorName(error);
      if (name === "GoneException") return "gone";
      if (name === "LimitExceededException") return "limited";
      throw translateSdkError(error, "sending to a connection");
    }
  }

  /** Closes a connection; its client then connects again. Safe to repeat. @throws TransientError */
  async disconnect(connectionId: string): Promise<void> {
    try {
      await this.#client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (sdkErrorName(error) !== "GoneException") throw translateSdkError(error, "closing a connection");
    }
  }
}
