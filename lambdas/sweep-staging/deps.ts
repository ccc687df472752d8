import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import type { StagedAssemblies } from "../common/adapters/dynamodb/shop/staged-assemblies.ts";
import type { AssembleDeps } from "../common/services/shop/assemble.ts";
import { buildAssembly } from "../common/services/wiring/products/shop-assembly.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `sweep-staging` works with. */
export interface Deps extends Pick<WorkerContext, "log" | "meter">, AssembleDeps {
  readonly staged: Pick<StagedAssemblies, "stage" | "clear" | "readPage" | "markOrphan">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const { clock, log, meter } = buildWorkerContext(env);
  return { ...buildAssembly(env, { documents: createDocumentClient(), clock }), log, meter };
};
