import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { IngestMessage } from "../../core/catalogs/ingest-message.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** The `ingest` queue: one message starts the reading of one uploaded file. */
export class IngestQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Starts the reading of a catalog's file, once more if need be: a second message does nothing. */
  async send(catalogId: string): Promise<void> {
    await this.#send(catalogId, 0);
  }

  async #send(catalogId: string, DelaySeconds: number): Promise<void> {
    const message: IngestMessage = { version: 1, catalog_id: catalogId };
    await withSdkErrors("sending an ingest message", () =>
      this.#client.send(
        new SendMessageCommand({ QueueUrl: this.#url, MessageBody: JSON.stringify(message), DelaySeconds }),
      ),
    );
  }

  /**
   * Starts the reading of a catalog's file after `seconds` (0 to 900). A new message, so that the wait counts as no
   * failed delivery; the one that it replaces may be acknowledged afterwards.
   */
  async sendLater(catalogId: string, seconds: number): Promise<void> {
    await this.#send(catalogId, seconds);
  }
}
