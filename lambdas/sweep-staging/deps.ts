import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import type { ShopProducts } from "../common/adapters/dynamodb/shop/shop-products.ts";
import type { StagedAssemblies } from "../common/adapters/dynamodb/shop/staged-assemblies.ts";
import type { MakeDeps } from "../common/services/shop/make-product.ts";
import { buildAssembly } from "../common/services/wiring/products/shop-assembly.ts";
import { buildWorkerContext, type WorkerContext } from "../common/services/wiring/worker-context.ts";
import type { Env } from "./env.ts";

/** What `sweep-staging` works with. */
export interface Deps extends Pick<WorkerContext, "log" | "meter">, MakeDeps {
  readonly staged: Pick<StagedAssemblies, "clear" | "readPage" | "markOrphan">;
  readonly products: Pick<ShopProducts, "create" | "get">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const { clock, log, meter } = buildWorkerContext(env);
  return { ...buildAssembly(env, { documents: createDocumentClient(), clock }), log, meter };
};
