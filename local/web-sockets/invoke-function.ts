import { availableParallelism } from "node:os";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { createGate } from "../../lambdas/common/platform/gate.ts";
import { clientConfig } from "../aws-environment.ts";
import { INTEGRATION_MS } from "./quotas.ts";

/**
 * Events that functions work on at the same time, of each kind. Lambda would start a thousand executions; each is a process here, so
 * more of them are slower than a short queue. The kinds do not wait for each other: after a loss of all connections neither who
 * is open already nor who returns is to wait for those who go.
 */
const PARALLEL = { connect: 4 * availableParallelism(), message: 4 * availableParallelism(), disconnect: 2 };
type EventKind = keyof typeof PARALLEL;

const AnswerSchema = z.object({ statusCode: z.number().int() });

/** An event for a function. */
export interface Invocation {
  readonly functionArn: string;
  readonly kind: EventKind;
  readonly event: unknown;
  /** Asked when its turn has come: whether anybody still waits for the answer. @default always */
  readonly isWanted?: () => boolean;
}

/** Hands an event to a function. @returns the status that it answers; undefined: it failed, or answered something else */
export type Invoke = (invocation: Invocation) => Promise<number | undefined>;

/** Invokes deployed functions by the Lambda API of the emulator, as API Gateway does, and never twice. */
export class FunctionInvoker {
  readonly #client: LambdaClient;
  readonly #gates = {
    connect: createGate(PARALLEL.connect),
    message: createGate(PARALLEL.message),
    disconnect: createGate(PARALLEL.disconnect),
  };

  constructor(emulatorUrl: string) {
    this.#client = new LambdaClient({ ...clientConfig(emulatorUrl), maxAttempts: 1 });
  }

  readonly invoke: Invoke = ({ functionArn, kind, event, isWanted = () => true }) =>
    this.#gates[kind](async () => (isWanted() ? this.#call(functionArn, event) : undefined));

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
