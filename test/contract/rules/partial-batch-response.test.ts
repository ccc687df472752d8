import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const LAMBDAS = join(import.meta.dirname, "..", "..", "..", "lambdas");

it("only the handler of all consumers of queues, and the one that pushes the records of a stream, build a partial batch response", () => {
  const builders = globSync("**/*.ts", { cwd: LAMBDAS }).filter((file) =>
    readFileSync(join(LAMBDAS, file), "utf8").includes("batchItemFailures"),
  );
  expect(builders.sort()).toEqual(["broadcast-changes/handler.ts", "common/platform/sqs/batch-handler.ts"]);
});

it("every function that reads a queue has its handler from there", () => {
  const consumers = globSync("*/handler.ts", { cwd: LAMBDAS }).filter((file) =>
    readFileSync(join(LAMBDAS, file), "utf8").includes("createBatchHandler("),
  );
  expect(consumers.sort()).toEqual(
    [
      "accept-requests",
      "assemble-product",
      "deliver-webhooks",
      "enrich-batch",
      "export-catalog",
      "ingest-catalog",
      "react-to-outcomes",
      "refresh-products",
    ].map((room) => `${room}/handler.ts`),
  );
});
