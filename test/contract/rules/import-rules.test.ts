import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Imports that the table of docs/architecture.md forbids: the importing file, what it imports, the rule that says so. */
const FORBIDDEN = [
  ["lambdas/common/core/a.ts", "@aws-sdk/client-sqs", "core-is-pure"],
  ["lambdas/common/core/b.ts", "../platform/target.ts", "core-is-pure"],
  ["lambdas/common/core/c.ts", "node:fs", "core-has-no-io"],
  ["lambdas/common/core/d.ts", "./contract/target.ts", "contract-on-top"],
  ["lambdas/common/platform/a.ts", "@aws-sdk/client-sqs", "platform"],
  ["lambdas/common/platform/b.ts", "csv-parse", "platform"],
  ["lambdas/common/platform/c.ts", "hono", "hono-where-http-is"],
  ["lambdas/common/platform/d.ts", "../adapters/target.ts", "platform"],
  ["lambdas/common/adapters/a.ts", "../../enrich-batch/target.ts", "adapters"],
  ["lambdas/common/adapters/b.ts", "../sources/keepa/target.ts", "adapters"],
  ["lambdas/common/adapters/c.ts", "hono", "adapters"],
  ["lambdas/common/adapters/d.ts", "../services/target.ts", "adapters"],
  ["lambdas/common/services/a.ts", "@aws-sdk/client-sqs", "services"],
  ["lambdas/common/services/b.ts", "../adapters/target.ts", "services-know-adapters-by-type"],
  ["lambdas/common/services/c.ts", "../../reconcile/target.ts", "services"],
  ["lambdas/common/services/d.ts", "csv-parse", "services"],
  ["lambdas/common/sources/keepa/a.ts", "../paapi/target.ts", "sources-apart"],
  ["lambdas/common/sources/chain/a.ts", "../keepa/target.ts", "sources-by-registry"],
  ["lambdas/common/sources/keepa/b.ts", "@aws-sdk/client-sqs", "sources"],
  ["lambdas/common/sources/keepa/c.ts", "../../adapters/target.ts", "sources"],
  ["lambdas/reconcile/a.ts", "../enrich-batch/target.ts", "functions-apart"],
  ["lambdas/reconcile/b.ts", "@aws-sdk/client-sqs", "functions"],
  ["lambdas/reconcile/c.ts", "../../lib/stacks/target.ts", "functions"],
  ["lambdas/reconcile/d.ts", "hono", "hono-where-http-is"],
  ["lambdas/brand-new/a.ts", "../common/core/target.ts", "rooms-are-known"],
  ["bin/a.ts", "../lib/constructs/target.ts", "bin"],
  ["lib/stacks/a.ts", "../../lambdas/common/core/target.ts", "stacks"],
  ["lib/constructs/a.ts", "../../lambdas/enrich-batch/target.ts", "constructs"],
  ["lib/constructs/b.ts", "../../cli/target/target.ts", "constructs"],
  ["cli/a.ts", "@aws-sdk/client-sqs", "cli-over-the-wire"],
  ["cli/b.ts", "../local/target.ts", "cli-over-the-wire"],
  ["cli/c.ts", "../lambdas/common/adapters/target.ts", "cli-over-the-wire"],
  ["cli/d.ts", "@modelcontextprotocol/sdk", "cli-mcp-on-demand"],
  ["cli/e.ts", "./mcp/target.ts", "cli-mcp-on-demand"],
  ["cli/mcp/a.ts", "@aws-sdk/client-sqs", "cli-mcp"],
  ["cli/aws/a.ts", "../../lib/stacks/target.ts", "cli-aws"],
  ["local/a.ts", "../lambdas/common/adapters/target.ts", "local"],
  ["local/b.ts", "../cli/target.ts", "local"],
  ["local/upstreams/a.ts", "../../lambdas/common/sources/keepa/target.ts", "simulators-apart"],
  ["local/upstreams/b.ts", "../target.ts", "simulators-apart"],
  ["local/write-a.ts", "../lib/stacks/target.ts", "local-writers"],
  ["bench/a.ts", "../lambdas/common/adapters/target.ts", "bench"],
  ["local/c.ts", "../test/target.ts", "nobody-imports-test"],
] as const;

/** Imports that it allows. */
const ALLOWED = [
  ["lambdas/common/core/ok.ts", "zod"],
  ["lambdas/common/core/contract/ok.ts", "../target.ts"],
  ["lambdas/common/platform/http/ok.ts", "hono"],
  ["lambdas/common/adapters/ok.ts", "@aws-sdk/client-sqs"],
  ["lambdas/common/sources/keepa/ok.ts", "../../platform/target.ts"],
  ["lambdas/common/sources/registry/ok.ts", "../keepa/target.ts"],
  ["lambdas/common/services/wiring/ok.ts", "../../adapters/target.ts"],
  ["lambdas/common/services/ok.ts", "zod"],
  ["lambdas/catalogs-api/ok.ts", "hono"],
  ["lambdas/reconcile/ok.ts", "../common/adapters/target.ts"],
  ["lib/constructs/ok.ts", "../../lambdas/enrich-batch/env.ts"],
  ["cli/mcp/ok.ts", "@modelcontextprotocol/sdk"],
  ["cli/aws/ok.ts", "@aws-sdk/client-sqs"],
  ["local/ok.ts", "@aws-sdk/client-sqs"],
  ["local/write-ok.ts", "../lambdas/common/sources/keepa/target.ts"],
  ["bench/ok.ts", "../local/target.ts"],
  ["test/ok.ts", "../lambdas/common/adapters/target.ts"],
] as const;

const PACKAGES = ["zod", "hono", "csv-parse", "@aws-sdk/client-sqs", "@modelcontextprotocol/sdk"];

const ReportSchema = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** A small tree of the same rooms, so that nothing wrong is ever written into the real one. */
const tree = mkdtempSync(join(tmpdir(), "enrichline-imports-"));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
};

/** What dependency-cruiser, with the rules of the repository, says of each file. */
const judge = (): Map<string, string[]> => {
  for (const name of PACKAGES) {
    put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    put(`node_modules/${name}/index.js`, "module.exports = {};\n");
  }
  const packages = Object.fromEntries(PACKAGES.map((name) => [name, "1.0.0"]));
  put("package.json", JSON.stringify({ name: "tree", type: "module", dependencies: packages }));
  put("tsconfig.json", JSON.stringify({ compilerOptions: { module: "nodenext", allowImportingTsExtensions: true } }));
  const imports: readonly (readonly [file: string, what: string, rule?: string])[] = [...FORBIDDEN, ...ALLOWED];
  for (const [file, what] of imports) {
    put(file, `import * as it from ${JSON.stringify(what)};\nexport const used = it;\n`);
    if (what.startsWith(".")) put(join(dirname(file), what), "export const target = 1;\n");
  }
  const rooms = ["bin", "lib", "lambdas", "cli", "local", "bench", "test"];
  const run = [join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruiser.mjs")];
  const args = [...run, "--config", join(ROOT, ".dependency-cruiser.cjs"), "--output-type", "json", ...rooms];
  const text = execFileSync(process.execPath, args, { cwd: tree, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const { violations } = ReportSchema.parse(JSON.parse(text)).summary;
  const found = new Map<string, string[]>();
  for (const { from, rule } of violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
  return found;
};

describe("the import rules", () => {
  const found = judge();

  it.each(FORBIDDEN)("refuse %s to import %s by the rule %s", (file, _, rule) => {
    expect(found.get(file) ?? []).toContain(rule);
  });

  it.each(ALLOWED)("let %s import %s", (file) => {
    expect(found.get(file) ?? []).toEqual([]);
  });
});
