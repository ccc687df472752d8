import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type * as z from "zod";
import type { LettersRequestSchema } from "../../core/dead-letters/letters-request.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** The function that works on redrives and discards. */
export class HandleDeadLettersFunction {
  readonly #client: LambdaClient;
  readonly #name: string;

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client;
    this.#name = functionName;
  }

  /** Has it begin now, and does not wait for it; its schedule would begin within a minute. @throws TransientError */
  async request(): Promise<void> {
    const request: z.input<typeof LettersRequestSchema> = { by: "person" };
    await withSdkErrors("calling the function of dead letters", () =>
      this.#client.send(
        new InvokeCommand({
          FunctionName: this.#name,
          InvocationType: "Event",
          Payload: new TextEncoder().encode(JSON.stringify(request)),
        }),
      ),
    );
  }
}
