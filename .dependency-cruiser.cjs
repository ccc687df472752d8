/** The import table of docs/architecture.md, as rules. A room may import itself, Node and what is listed, nothing else. */
const httpRooms = ["catalogs-api", "products-api", "operations-api", "shop-api"];
const functionRooms = [
  ...httpRooms,
  "authorize-requests",
  "ingest-catalog",
  "dispatch-batches",
  "enrich-batch",
  "export-catalog",
  "publish-events",
  "accept-requests",
  "react-to-outcomes",
  "handle-dead-letters",
  "reconcile",
  "sweep-expired",
  "live-connections",
  "broadcast-changes",
  "deliver-webhooks",
  "assemble-product",
  "sweep-staging",
  "plan-refresh",
  "refresh-products",
].join("|");
const sourceRooms = ["creators-api", "paapi", "sp-api", "keepa", "product-page", "sample-data"].join("|");
const npm = (...names) => names.map((name) => `node_modules/${name}/`);
const AWS = npm("@aws-sdk/[^/]+");
const CDK = npm("aws-cdk-lib", "constructs");
const HONO = npm("hono", "@hono/zod-openapi");
const CORE = "lambdas/common/core/";
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
/** Files under `path` import only what is in `allowed`, and Node's own modules. */
const only = (name, comment, path, allowed, pathNot) =>
  forbid(
    name,
    comment,
    { path: `^(${path})`, ...(pathNot ? { pathNot: `^(${pathNot})` } : {}) },
    { pathNot: `^(${allowed.join("|")})`, dependencyTypesNot: ["core"] },
  );

module.exports = {
  forbidden: [
    forbid("no-circular", "cycles hide who owns what", {}, { circular: true }),
    only("core-is-pure", "core: Zod", CORE, [CORE, ...npm("zod")]),
    forbid("core-has-no-io", "core: no Node modules either", { path: `^${CORE}` }, { dependencyTypes: ["core"] }),
    forbid(
      "contract-on-top",
      "core/contract says what the API answers: clients and HTTP know it, the rest of core does not",
      { path: `^${CORE}`, pathNot: `^${CORE}contract/` },
      { path: `^${CORE}contract/` },
    ),
    only(
      "platform",
      "platform: core, Powertools, Zod, Hono in http/, the signer in webhooks/",
      "lambdas/common/platform/",
      [
        ...["lambdas/common/platform/", CORE],
        ...npm("@aws-lambda-powertools/(logger|metrics)", "standardwebhooks", "zod"),
        ...HONO,
      ],
    ),
    forbid(
      "hono-where-http-is",
      "Hono: platform/http and the functions that answer HTTP",
      { path: "^lambdas/", pathNot: `^lambdas/(common/platform/http|${httpRooms.join("|")})/` },
      { path: `^(${HONO.join("|")})` },
    ),
    only("adapters", "adapters: core, platform, AWS SDK, Powertools' idempotency, Zod", "lambdas/common/adapters/", [
      ...["lambdas/common/adapters/", CORE, "lambdas/common/platform/"],
      ...AWS,
      ...npm("@aws-lambda-powertools/idempotency", "aws-jwt-verify", "zod"),
    ]),
    only("services", "services: core, platform, sources, adapters, Zod", "lambdas/common/services/", [
      ...[
        "lambdas/common/services/",
        CORE,
        "lambdas/common/platform/",
        "lambdas/common/sources/",
        "lambdas/common/adapters/",
      ],
      ...npm("zod"),
    ]),
    forbid(
      "services-know-adapters-by-type",
      "only wiring/ builds adapters; the rest of services is typed against them",
      { path: "^lambdas/common/services/", pathNot: "^lambdas/common/services/wiring/" },
      { path: "^lambdas/common/adapters/", dependencyTypesNot: ["type-only"] },
    ),
    only("sources", "sources: core, platform, Zod, an HTML parser and a signer", "lambdas/common/sources/", [
      ...["lambdas/common/sources/", CORE, "lambdas/common/platform/"],
      ...npm("zod", "cheerio", "@smithy/signature-v4"),
    ]),
    forbid(
      "sources-apart",
      "a source never imports another source",
      { path: `^lambdas/common/sources/(${sourceRooms})/` },
      { path: `^lambdas/common/sources/(${sourceRooms})/`, pathNot: "^lambdas/common/sources/$1/" },
    ),
    forbid(
      "sources-by-registry",
      "what all sources share knows none of them: only registry/ and checks/ name them",
      { path: "^lambdas/common/sources/(chain|calling|reading)/" },
      { path: `^lambdas/common/sources/(${sourceRooms})/` },
    ),
    only(
      "functions",
      "functions: core, sources, services, adapters, platform, Zod; never the AWS SDK",
      `lambdas/(${functionRooms})/`,
      [`lambdas/(${functionRooms}|common)/`, "docs/api/", ...npm("zod", "@types/aws-lambda"), ...HONO],
    ),
    forbid(
      "functions-apart",
      "a function never imports another function",
      { path: `^lambdas/(${functionRooms})/` },
      { path: `^lambdas/(${functionRooms})/`, pathNot: "^lambdas/$1/" },
    ),
    forbid(
      "rooms-are-known",
      "a new function room is listed above, else no rule holds for it",
      { path: "^lambdas/", pathNot: `^lambdas/(common/(core|platform|adapters|services|sources)|${functionRooms})/` },
      {},
    ),
    only("bin", "bin: stacks and config", "bin/", ["bin/", "lib/(stacks|config)/", ...CDK]),
    only("stacks", "stacks: constructs, monitoring, config; functions through constructs", "lib/stacks/", [
      "lib/(stacks|constructs|monitoring|config)/",
      ...CDK,
    ]),
    only(
      "constructs",
      "lib: env schemas and core of the functions, nothing else of them",
      "lib/",
      [
        "lib/(constructs|monitoring|config|bundling)/",
        ...[CORE, "lambdas/[^/]+/env\\.ts$"],
        ...CDK,
        ...npm("zod", "esbuild"),
      ],
      "lib/stacks/",
    ),
    only(
      "cli-over-the-wire",
      "cli: core, and the HTTP API over the wire",
      "cli/",
      ["cli/", CORE, ...npm("commander", "partysocket", "zod")],
      "cli/(aws|mcp|page)/",
    ),
    only("cli-page", "cli/page: the parser of product pages, which calls nobody", "cli/page/", [
      ...["cli/", CORE, "lambdas/common/sources/product-page/reading/"],
    ]),
    only("cli-mcp", "cli/mcp: the rest of the CLI, and the SDK of the protocol", "cli/mcp/", [
      ...["cli/", CORE],
      ...npm("@modelcontextprotocol/sdk", "zod"),
    ]),
    forbid(
      "cli-mcp-on-demand",
      "the SDK takes longer to load than most commands run: only commands/mcp.ts loads cli/mcp, when it runs",
      { path: "^cli/", pathNot: "^cli/mcp/" },
      { path: "^(cli/mcp/|node_modules/@modelcontextprotocol/)", dependencyTypesNot: ["type-only", "dynamic-import"] },
    ),
    only("cli-aws", "cli/aws: the only part of the CLI that calls AWS", "cli/aws/", [
      "cli/",
      CORE,
      ...AWS,
      ...npm("zod", "@aws-cdk/cloudformation-diff"),
    ]),
    only("simulators-apart", "a simulator that shares the client's code proves nothing", "local/upstreams/", [
      ...["local/upstreams/", CORE],
      ...npm("zod", "selfsigned"),
    ]),
    only(
      "local",
      "local: core, a gate, the AWS SDK, a signer and a WebSocket server",
      "local/",
      [
        "local/",
        CORE,
        "lambdas/common/platform/gate\\.ts",
        ...AWS,
        ...npm("zod", "listr2", "@smithy/signature-v4", "ws"),
      ],
      "local/(upstreams/|write-)",
    ),
    only("local-writers", "what writes documents may read the functions it describes", "local/write-", [
      ...["local/", "lambdas/"],
      ...npm("zod"),
    ]),
    only("bench", "bench: core, a gate and local", "bench/", [
      "bench/",
      "local/",
      "lambdas/common/platform/gate\\.ts",
      CORE,
      ...AWS,
      ...npm("zod", "csv-parse", "esbuild", "ws"),
    ]),
    forbid("nobody-imports-test", "test is a leaf", { pathNot: "^test/" }, { path: "^test/" }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(cdk\\.out|\\.local|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
