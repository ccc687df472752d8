import { availableParallelism } from "node:os";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { createGate } from "../../lambdas/common/platform/gate.ts";
import { clientConfig } from "../aws-environment.ts";
import { INTEGRATION_MS } from "./quotas.ts";

/**
 * Events that functions work on at the same time. Lambda would start a thousand executions; each is a process here, so more
 * of them are slower than a short queue. What ends a connection has its own: after a loss of all it must not hold up those who return.
 */
const PARALLEL = 6 * availableParallelism();
const PARALLEL_ENDS = 2;

const AnswerSchema = z.object({ statusCode: z.number().int() });

/** Hands an event to a function. @returns the status that it answers; undefined: it failed, or answered something else */
export type Invoke = (functionArn: string, event: unknown) => Promise<number | undefined>;

/** Invokes deployed functions by the Lambda API of the emulator, as API Gateway does, and never twice. */
export class FunctionInvoker {
  readonly #client: LambdaClient;
  readonly #gates = { coming: createGate(PARALLEL), ending: createGate(PARALLEL_ENDS) };

  constructor(emulatorUrl: string) {
    this.#client = new LambdaClient({ ...clientConfig(emulatorUrl), maxAttempts: 1 });
  }

  /** For events of connections that are there. */
  readonly invoke: Invoke = (functionArn, event) => this.#gates.coming(() => this.#call(functionArn, event));

  /** For `$disconnect`. */
  readonly invokeEnd: Invoke = (functionArn, event) => this.#gates.ending(() => this.#call(functionArn, event));

  async #call(FunctionName: string, event: unknown): Promise<number | undefined> {
    try {
      const { Payload, FunctionError } = await this.#client.send(
        new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
        { abortSignal: AbortSignal.timeout(INTEGRATION_MS) },
      );
      if (FunctionError !== undefined || !Payload) return undefined;
      return AnswerSchema.parse(JSON.parse(Payload.transformToString())).statusCode;
    } catch {
      return undefined;
    }
  }

  stop(): void {
    this.#client.destroy();
  }
}
