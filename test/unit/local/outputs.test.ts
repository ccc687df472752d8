import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Outputs, OutputsSchema, readOutputs, writeOutputs } from "../../../local/outputs.ts";

const outputs: Outputs = {
  apiUrl: "http://localhost:8787/api/v1",
  webSocketUrl: "ws://localhost:8787/live",
  consoleUrl: "http://localhost:8787",
  emulatorUrl: "http://127.0.0.1:4566",
  auth: { region: "us-east-1", userPoolId: "us-east-1_abc", clientId: "client" },
  users: {
    demo: { username: "demo", password: "a" },
    other: { username: "other", password: "b" },
    operator: { username: "operator", password: "c" },
  },
  upstreams: { "creators-api": { url: "http://127.0.0.1:9101", controlUrl: "http://127.0.0.1:9201" } },
  topics: {},
  queues: { enrich: { url: "http://localhost:4566/0/enrich", dlqUrl: "http://localhost:4566/0/enrich-dlq" } },
  tables: { "enrichment-status": "Enrichline-local-Data-EnrichmentStatus" },
  bucket: "bucket",
  eventBus: "bus",
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "outputs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("outputs are read as they were written, and only their owner may read the file", () => {
  const file = join(dir, "deep", "outputs.json");
  writeOutputs(file, outputs);
  expect(readOutputs(file)).toEqual(outputs);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("missing outputs tell how to make them", () => {
  expect(() => readOutputs(join(dir, "none.json"))).toThrow(/npm run local/);
});

test("a broken outputs file tells how to make it anew", () => {
  const file = join(dir, "outputs.json");
  writeFileSync(file, "{");
  expect(() => readOutputs(file)).toThrow(/local:stop/);
});

test("an API address that does not end in /api/v1 is refused", () => {
  expect(OutputsSchema.safeParse({ ...outputs, apiUrl: "http://localhost:8787/" }).success).toBe(false);
});
