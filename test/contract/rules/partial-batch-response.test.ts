import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const LAMBDAS = join(import.meta.dirname, "..", "..", "..", "lambdas");

it("only the handler of all consumers builds a partial batch response", () => {
  const builders = globSync("**/*.ts", { cwd: LAMBDAS }).filter((file) =>
    readFileSync(join(LAMBDAS, file), "utf8").includes("batchItemFailures"),
  );
  expect(builders).toEqual(["common/platform/sqs/batch-handler.ts"]);
});

it("every function that reads a queue has its handler from there", () => {
  const consumers = globSync("*/handler.ts", { cwd: LAMBDAS }).filter((file) =>
    readFileSync(join(LAMBDAS, file), "utf8").includes("createBatchHandler("),
  );
  expect(consumers.sort()).toEqual(
    ["assemble-product", "enrich-batch", "export-catalog", "ingest-catalog", "refresh-products"].map(
      (room) => `${room}/handler.ts`,
    ),
  );
});
