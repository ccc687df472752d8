/** The import table of docs/architecture.md, as rules. A room may import itself, Node and what is listed, nothing else. */
const httpRooms = ["catalogs-api", "operations-api"];
const functionRooms = [
  ...httpRooms,
  "ingest-catalog",
  "dispatch-batches",
  "enrich-batch",
  "export-catalog",
  "reconcile",
].join("|");
const sourceRooms = ["creators-api", "paapi", "sp-api", "keepa", "product-page", "sample-data"].join("|");
const npm = (...names) => names.map((name) => `node_modules/${name}/`);
const AWS = npm("@aws-sdk/[^/]+");
const CDK = npm("aws-cdk-lib", "constructs");
const HONO = npm("hono", "@hono/zod-openapi");
const CORE = "lambdas/core/";
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
    only("platform", "platform: core, Powertools, Zod, and Hono in http/", "lambdas/platform/", [
      ...["lambdas/platform/", CORE],
      ...npm("@aws-lambda-powertools/(logger|metrics)", "zod"),
      ...HONO,
    ]),
    forbid(
      "hono-where-http-is",
      "Hono: platform/http and the functions that answer HTTP",
      { path: "^lambdas/", pathNot: `^lambdas/(platform/http|${httpRooms.join("|")})/` },
      { path: `^(${HONO.join("|")})` },
    ),
    only("adapters", "adapters: core, platform, AWS SDK, Powertools' idempotency, Zod", "lambdas/adapters/", [
      ...["lambdas/adapters/", CORE, "lambdas/platform/"],
      ...AWS,
      ...npm("@aws-lambda-powertools/idempotency", "zod"),
    ]),
    only("services", "services: core, platform, sources, adapters, csv-parse, Zod", "lambdas/services/", [
      ...["lambdas/services/", CORE, "lambdas/platform/", "lambdas/sources/", "lambdas/adapters/"],
      ...npm("csv-parse", "zod"),
    ]),
    forbid(
      "services-know-adapters-by-type",
      "only wiring/ builds adapters; the rest of services is typed against them",
      { path: "^lambdas/services/", pathNot: "^lambdas/services/wiring/" },
      { path: "^lambdas/adapters/", dependencyTypesNot: ["type-only"] },
    ),
    only("sources", "sources: core, platform, Zod, an HTML parser and a signer", "lambdas/sources/", [
      ...["lambdas/sources/", CORE, "lambdas/platform/"],
      ...npm("zod", "cheerio", "@smithy/signature-v4"),
    ]),
    forbid(
      "sources-apart",
      "a source never imports another source",
      { path: `^lambdas/sources/(${sourceRooms})/` },
      { path: `^lambdas/sources/(${sourceRooms})/`, pathNot: "^lambdas/sources/$1/" },
    ),
    forbid(
      "sources-by-registry",
      "what all sources share knows none of them: only registry/ and checks/ name them",
      { path: "^lambdas/sources/(chain|calling|reading)/" },
      { path: `^lambdas/sources/(${sourceRooms})/` },
    ),
    only(
      "functions",
      "functions: core, sources, services, adapters, platform, Zod; never the AWS SDK",
      `lambdas/(${functionRooms})/`,
      [
        `lambdas/(${functionRooms}|core|sources|services|adapters|platform)/`,
        "docs/api/",
        ...npm("zod", "@types/aws-lambda"),
        ...HONO,
      ],
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
      { path: "^lambdas/", pathNot: `^lambdas/(core|platform|adapters|services|sources|${functionRooms})/` },
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
      ["cli/", CORE, ...npm("commander", "zod")],
      "cli/aws/",
    ),
    only("cli-aws", "cli/aws: the only part of the CLI that calls AWS", "cli/aws/", [
      "cli/",
      CORE,
      ...AWS,
      ...npm("zod"),
    ]),
    only("simulators-apart", "a simulator that shares the client's code proves nothing", "local/upstreams/", [
      ...["local/upstreams/", CORE],
      ...npm("zod", "selfsigned"),
    ]),
    only(
      "local",
      "local: core and the AWS SDK",
      "local/",
      ["local/", CORE, ...AWS, ...npm("zod", "listr2")],
      "local/(upstreams/|write-)",
    ),
    only("local-writers", "what writes documents may read the functions it describes", "local/write-", [
      ...["local/", "lambdas/"],
      ...npm("zod"),
    ]),
    only("bench", "bench: core and local", "bench/", [
      "bench/",
      "local/",
      CORE,
      ...AWS,
      ...npm("zod", "csv-parse", "esbuild"),
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
