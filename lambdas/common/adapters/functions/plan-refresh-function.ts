import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import type * as z from "zod";
import type { PlanRequestSchema } from "../../core/refresh/plan-request.ts";
import { withSdkErrors } from "../aws/sdk-errors.ts";

/** The function that plans the refresh. */
export class PlanRefreshFunction {
  readonly #client: LambdaClient;
  readonly #name: string;

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client;
    this.#name = functionName;
  }

  /** Has it plan now, and does not wait for it: a large stage takes longer than an HTTP call may. @throws TransientError */
  async request(): Promise<void> {
    const request: z.input<typeof PlanRequestSchema> = { by: "person" };
    await withSdkErrors("calling the planner of the refresh", () =>
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
