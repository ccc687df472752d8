/** The import table of docs/architecture.md, as rules. */
const functionRooms = [
  "catalogs-api",
  "products-api",
  "operations-api",
  "shop-api",
  "serve-console",
  "ingest-catalog",
  "dispatch-batches",
  "enrich-batch",
  "export-catalog",
  "plan-refresh",
  "refresh-products",
  "assemble-product",
  "sweep-staging",
  "live-connections",
  "broadcast-changes",
  "publish-events",
  "accept-requests",
  "react-to-outcomes",
  "reconcile",
].join("|");
const AWS = "^node_modules/@aws-sdk/";
const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    forbid("no-circular", "cycles hide who owns what", {}, { circular: true }),
    forbid(
      "core-is-pure",
      "core: Zod and itself only",
      { path: "^lambdas/core/" },
      { pathNot: "^(lambdas/core/|node_modules/zod/)" },
    ),
    forbid(
      "core-has-no-io",
      "core: no Node built-ins but none",
      { path: "^lambdas/core/" },
      { dependencyTypes: ["core"] },
    ),
    forbid(
      "platform-without-aws",
      "platform: core, Powertools, Zod",
      { path: "^lambdas/platform/" },
      { path: `${AWS}|^lambdas/(adapters|sources|${functionRooms})/|^lib/` },
    ),
    forbid(
      "adapters-below-functions",
      "adapters: core, platform, AWS SDK",
      { path: "^lambdas/adapters/" },
      { path: `^lambdas/(sources|${functionRooms})/|^(lib|cli|local)/` },
    ),
    forbid(
      "sources-know-no-aws",
      "sources: core and platform",
      { path: "^lambdas/sources/" },
      { path: `${AWS}|^lambdas/(adapters|${functionRooms})/|^lib/` },
    ),
    forbid(
      "sources-apart",
      "a source never imports another source",
      { path: "^lambdas/sources/([^/]+)/" },
      { path: "^lambdas/sources/([^/]+)/", pathNot: "^lambdas/sources/$1/" },
    ),
    forbid(
      "functions-apart",
      "a function never imports another function",
      { path: `^lambdas/(${functionRooms})/` },
      { path: `^lambdas/(${functionRooms})/`, pathNot: "^lambdas/$1/" },
    ),
    forbid(
      "functions-not-lib",
      "lambdas know nothing of CDK",
      { path: "^lambdas/" },
      { path: "^(lib|bin|cli|local|bench|console)/|^node_modules/(aws-cdk-lib|constructs)/" },
    ),
    forbid(
      "only-adapters-use-aws",
      "AWS clients live in adapters",
      { path: "^lambdas/", pathNot: "^lambdas/adapters/" },
      { path: AWS },
    ),
    forbid(
      "bin-builds-stacks",
      "bin: stacks and config",
      { path: "^bin/" },
      { path: "^(lib/(constructs|monitoring)|lambdas)/" },
    ),
    forbid(
      "stacks-not-lambdas",
      "stacks see functions through constructs",
      { path: "^lib/stacks/" },
      { path: "^lambdas/" },
    ),
    forbid(
      "constructs-see-env-and-core",
      "lib: env schemas and core only",
      { path: "^lib/(constructs|monitoring|config)/" },
      { path: "^lambdas/", pathNot: "^lambdas/(core/|[^/]+/env\\.ts$)" },
    ),
    forbid(
      "clients-over-the-wire",
      "cli and console: core only",
      { path: "^(cli|console)/" },
      { path: "^(lambdas/(?!core/)|lib/)" },
    ),
    forbid(
      "simulators-apart",
      "a simulator that shares the client's code proves nothing",
      { path: "^local/upstreams/" },
      { path: "^lambdas/(?!core/)" },
    ),
    forbid(
      "local-sees-core",
      "local and bench: core only",
      { path: "^(local|bench)/", pathNot: "^local/write-" },
      { path: "^(lambdas/(?!core/)|lib/)" },
    ),
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
