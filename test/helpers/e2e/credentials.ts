import { join } from "node:path";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { clientConfig } from "../../../local/aws-environment.ts";
import type { Outputs } from "../../../local/outputs.ts";
import { putSecrets } from "../../../local/stack/put-secrets.ts";
import { readStackOutputs } from "../../../local/stack/read-stack-outputs.ts";
import { LOCAL_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import { waitFor } from "./wait-for.ts";

/** Credentials of the sources on the deployed stack. */
export class Credentials {
  readonly #outputs: Outputs;
  readonly #stateDir: string;

  constructor(outputs: Outputs, stateDir: string) {
    this.#outputs = outputs;
    this.#stateDir = stateDir;
  }

  /** Stores a secret as it stands, as an operator does; functions see it within a minute. */
  async put(source: SourceId, value: unknown): Promise<void> {
    await putSecrets(this.#outputs.emulatorUrl, { [source]: value });
  }

  /** Gives exactly these sources credentials that their simulators accept, known to every function at once. */
  async configure(...sources: readonly (keyof typeof LOCAL_CREDENTIALS)[]): Promise<void> {
    for (const source of ["creators-api", "sp-api", "keepa"] as const) {
      // An object without any field counts as no credentials.
      await this.put(source, sources.includes(source) ? LOCAL_CREDENTIALS[source] : {});
    }
    await this.restart();
  }

  /** New instances of every function, which have read no secret yet. Only while nothing runs. */
  async restart(): Promise<void> {
    const lambda = new LambdaClient(clientConfig(this.#outputs.emulatorUrl));
    const { functions } = readStackOutputs(join(this.#stateDir, "stack-outputs.json"));
    try {
      for (const FunctionName of Object.values(functions)) {
        const read = () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
        const { MemorySize } = await read();
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize }));
        await waitFor(
          `${FunctionName} to be ready again`,
          read,
          ({ State, LastUpdateStatus }) => State !== "Pending" && LastUpdateStatus !== "InProgress",
          30,
        );
      }
    } finally {
      lambda.destroy();
    }
  }
}
