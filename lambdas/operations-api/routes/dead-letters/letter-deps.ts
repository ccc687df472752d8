import type * as z from "zod";
import { createLambdaClient } from "../../../common/adapters/aws/aws-clients.ts";
import { LetterJobStore } from "../../../common/adapters/dynamodb/dead-letters/letter-job-store.ts";
import { LetterStore } from "../../../common/adapters/dynamodb/dead-letters/letter-store.ts";
import { AskedFunction } from "../../../common/adapters/functions/asked-function.ts";
import type { LettersRequestSchema } from "../../../common/core/dead-letters/letters-request.ts";
import type { Clients } from "../../../common/services/wiring/clients.ts";
import { regionOf } from "../../config-of.ts";
import type { Env } from "../../env.ts";

/** What the routes of dead letters work with. */
export interface LetterDeps {
  readonly letters: Pick<LetterStore, "get" | "getMany" | "body" | "list" | "count">;
  readonly jobs: Pick<LetterJobStore, "create" | "get" | "list" | "items" | "stop">;
  /** Has the work on jobs begin now. @throws TransientError */
  readonly begin: () => Promise<void>;
  /** Region of the stage's console; null: it has none. */
  readonly consoleRegion: string | null;
}

type LettersEnv = Pick<
  Env,
  "DEAD_LETTERS_TABLE_NAME" | "HANDLE_DEAD_LETTERS_FUNCTION_NAME" | "SIMULATED" | "USER_POOL_ID"
>;

/** Builds them. */
export const buildLetterDeps = (env: LettersEnv, { documents }: Pick<Clients, "documents">): LetterDeps => {
  const worker = new AskedFunction<z.input<typeof LettersRequestSchema>>(
    createLambdaClient(),
    env.HANDLE_DEAD_LETTERS_FUNCTION_NAME,
    "calling the function of dead letters",
  );
  return {
    letters: new LetterStore(documents, env.DEAD_LETTERS_TABLE_NAME),
    jobs: new LetterJobStore(documents, env.DEAD_LETTERS_TABLE_NAME),
    begin: () => worker.request({ by: "person" }),
    // An emulator has no console.
    consoleRegion: env.SIMULATED === "true" ? null : regionOf(env),
  };
};
