import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/**
 * A function that works by a schedule, and also when a person asks: a large stage takes longer than an HTTP call may, so nobody
 * waits for it.
 */
export class AskedFunction<Request extends object> {
  readonly #client: LambdaClient;
  readonly #name: string;
  readonly #doing: string;

  /** @param doing for errors, such as "calling the planner" */
  constructor(client: LambdaClient, functionName: string, doing: string) {
    this.#client = client;
    this.#name = functionName;
    this.#doing = doing;
  }

  /** Has it begin now, and does not wait for it. @throws TransientError */
  async request(request: Request): Promise<void> {
    await withSdkErrors(this.#doing, () =>
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
