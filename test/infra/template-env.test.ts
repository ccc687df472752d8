import { describe, expect, it } from "vitest";
import { EnvSchema as AcceptRequests } from "../../lambdas/accept-requests/env.ts";
import { EnvSchema as AssembleProduct } from "../../lambdas/assemble-product/env.ts";
import { EnvSchema as AuthorizeRequests } from "../../lambdas/authorize-requests/env.ts";
import { EnvSchema as BroadcastChanges } from "../../lambdas/broadcast-changes/env.ts";
import { EnvSchema as CatalogsApi } from "../../lambdas/catalogs-api/env.ts";
import { EnvSchema as DeliverWebhooks } from "../../lambdas/deliver-webhooks/env.ts";
import { EnvSchema as DispatchBatches } from "../../lambdas/dispatch-batches/env.ts";
import { EnvSchema as EnrichBatch } from "../../lambdas/enrich-batch/env.ts";
import { EnvSchema as ExportCatalog } from "../../lambdas/export-catalog/env.ts";
import { EnvSchema as HandleDeadLetters } from "../../lambdas/handle-dead-letters/env.ts";
import { EnvSchema as IngestCatalog } from "../../lambdas/ingest-catalog/env.ts";
import { EnvSchema as LiveConnections } from "../../lambdas/live-connections/env.ts";
import { EnvSchema as OperationsApi } from "../../lambdas/operations-api/env.ts";
import { EnvSchema as PlanRefresh } from "../../lambdas/plan-refresh/env.ts";
import { EnvSchema as ProductsApi } from "../../lambdas/products-api/env.ts";
import { EnvSchema as PublishEvents } from "../../lambdas/publish-events/env.ts";
import { EnvSchema as ReactToOutcomes } from "../../lambdas/react-to-outcomes/env.ts";
import { EnvSchema as Reconcile } from "../../lambdas/reconcile/env.ts";
import { EnvSchema as RefreshProducts } from "../../lambdas/refresh-products/env.ts";
import { EnvSchema as ShopApi } from "../../lambdas/shop-api/env.ts";
import { EnvSchema as SweepExpired } from "../../lambdas/sweep-expired/env.ts";
import { EnvSchema as SweepStaging } from "../../lambdas/sweep-staging/env.ts";
import { functionsOf } from "./stage/resources.ts";
import { synthesizedStage } from "./stage/synth-stage.ts";

const SCHEMAS = {
  "accept-requests": AcceptRequests,
  "react-to-outcomes": ReactToOutcomes,
  "authorize-requests": AuthorizeRequests,
  "broadcast-changes": BroadcastChanges,
  "assemble-product": AssembleProduct,
  "catalogs-api": CatalogsApi,
  "dispatch-batches": DispatchBatches,
  "enrich-batch": EnrichBatch,
  "deliver-webhooks": DeliverWebhooks,
  "export-catalog": ExportCatalog,
  "handle-dead-letters": HandleDeadLetters,
  "ingest-catalog": IngestCatalog,
  "live-connections": LiveConnections,
  "operations-api": OperationsApi,
  "plan-refresh": PlanRefresh,
  "products-api": ProductsApi,
  "publish-events": PublishEvents,
  reconcile: Reconcile,
  "shop-api": ShopApi,
  "refresh-products": RefreshProducts,
  "sweep-expired": SweepExpired,
  "sweep-staging": SweepStaging,
};
/** Belongs to Node itself. */
const PLATFORM = ["NODE_OPTIONS"];

const { Pipeline, Shop, Api } = synthesizedStage("local").templates;
const environments = [Pipeline, Shop, Api].flatMap((template) =>
  [...functionsOf(template).values()].map((fn) => fn.Environment.Variables),
);
const service = (variables: Record<string, unknown>): string => String(variables.POWERTOOLS_SERVICE_NAME);
/** What only a deploy knows, and is checked for its form. */
const WITH_A_FORM: Readonly<Record<string, string>> = { LETTER_SOURCES: '{"enrich":["dlq","queue","logs"]}' };
/** A value that only a deploy knows; an address, because some variables must be one. */
const resolved = (name: string, value: unknown): string =>
  typeof value === "string" ? value : (WITH_A_FORM[name] ?? "https://known-after-deploy.example.com");

describe("the template", () => {
  it("deploys every function room, enrich-batch twice", () => {
    expect(environments.map(service).sort()).toEqual([...Object.keys(SCHEMAS), "enrich-batch"].sort());
  });

  describe.each(Object.entries(SCHEMAS))("of %s", (room, schema) => {
    const own = environments.filter((variables) => service(variables) === room);

    it("sets exactly the variables of its schema", () => {
      expect(own.length).toBeGreaterThan(0);
      for (const variables of own) {
        const names = Object.keys(variables).filter((name) => !PLATFORM.includes(name));
        expect(names.sort()).toEqual(Object.keys(schema.shape).sort());
      }
    });

    it("sets values that its schema takes", () => {
      for (const variables of own) {
        const text = Object.fromEntries(
          Object.entries(variables).map(([name, value]) => [name, resolved(name, value)]),
        );
        expect(schema.safeParse(text).error).toBeUndefined();
      }
    });
  });
});
