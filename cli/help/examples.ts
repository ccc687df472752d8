import type { Command } from "commander";
import { leavesOf, pathOf } from "./leaves.ts";

const CATALOG = "cat_0123456789abcdef";
const GROUP = "RetriesExhausted.creators-api";

/** Calls of each command as people type them after `enrichline`. Each parses, and each command has one: a test says so. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "dlq list": [
    "dlq list",
    "dlq list --queue enrich --filter error_code=DELIVERIES_FAILED",
    "dlq list --state discarded",
  ],
  "dlq show": ["dlq show 5f0f2c1e-3a52-4f5b-9f0e-6a1d2b3c4d5e"],
  "dlq redrive": [
    "dlq redrive --filter catalog_id=cat_0d1z9k4m2v7h3n5x --dry-run",
    "dlq redrive --queue enrich --filter error_code=DELIVERIES_FAILED --limit 1",
    "dlq redrive 5f0f2c1e-3a52-4f5b-9f0e-6a1d2b3c4d5e --yes",
  ],
  "dlq discard": ["dlq discard --queue broadcasts --all", "dlq discard --filter older_than=30d --dry-run"],
  "dlq jobs": ["dlq jobs", "dlq jobs dlj_01jdx0m3k7q2w5e8r1t4y6p9aa"],
  "dlq stop": ["dlq stop dlj_01jdx0m3k7q2w5e8r1t4y6p9aa"],
  upload: ["upload my-products.csv --dry-run", "upload my-products.csv --marketplace amazon.de --name spring"],
  status: [`status ${CATALOG}`],
  watch: [`watch ${CATALOG}`],
  catalogs: ["catalogs --limit 20", "catalogs --json"],
  products: [`products ${CATALOG} --state enriched`, "products --missing current_price"],
  product: ["product B08DQQ8CBP --marketplace amazon.de"],
  import: ["import B08DQQ8CBP"],
  history: ["history B08DQQ8CBP"],
  search: ['search "esp32 devkit" --limit 5'],
  marketplaces: ["marketplaces"],
  "marketplaces set": ["marketplaces set amazon.de --enable"],
  "refresh run": ["refresh run"],
  "refresh jobs": ["refresh jobs"],
  "refresh forecast": ["refresh forecast"],
  "webhooks list": ["webhooks list"],
  "webhooks add": ["webhooks add https://shop.example/hooks"],
  "webhooks remove": ["webhooks remove wh_0123456789abcdef"],
  "webhooks rotate": ["webhooks rotate wh_0123456789abcdef"],
  "webhooks on": ["webhooks on wh_0123456789abcdef"],
  "webhooks off": ["webhooks off wh_0123456789abcdef"],
  "webhooks test": ["webhooks test wh_0123456789abcdef"],
  "webhooks deliveries": ["webhooks deliveries wh_0123456789abcdef"],
  "webhooks resend": ["webhooks resend wh_0123456789abcdef dl_0123456789abcdef"],
  "licence list": ["licence list"],
  "licence report": ["licence report"],
  "licence revoke": ["licence revoke keepa --dry-run"],
  pause: [`pause ${CATALOG}`],
  resume: [`resume ${CATALOG}`],
  cancel: [`cancel ${CATALOG}`],
  delete: [`delete ${CATALOG} --yes`],
  rejected: [`rejected ${CATALOG}`],
  retry: [`retry ${CATALOG} --error-code NotFound --dry-run`, `retry ${CATALOG}`],
  failures: ["failures", `failures ${CATALOG} --error-code NotFound`],
  "failures try": [`failures try ${GROUP} 1`, `failures try ${GROUP} all`],
  "failures stop": [`failures stop ${GROUP}`],
  "failures show": [`failures show ${GROUP}`],
  "failures resolve": [`failures resolve ${GROUP} --note "sales are back"`],
  "failures ignore": [`failures ignore ${GROUP} --until 2026-12-24T00:00:00Z`],
  "failures reopen": [`failures reopen ${GROUP}`],
  export: [`export ${CATALOG} -o result.csv`],
  token: ["token"],
  quota: ["quota"],
  "events send": ["events send requests.ndjson --stage staging"],
  "keys create": ["keys create nightly --scope read upload --expires 90d"],
  "keys list": ["keys list"],
  "keys revoke": ["keys revoke key_0123456789abcdef"],
  "feeds create": [`feeds create ${CATALOG} spreadsheet`],
  "feeds list": [`feeds list ${CATALOG}`],
  "feeds revoke": [`feeds revoke ${CATALOG} feed_0123456789abcdef`],
  doctor: ["doctor", "doctor --stage dev --source keepa"],
  "credentials set": ["credentials set keepa --stage dev", "credentials set creators-api --no-test"],
  "credentials status": ["credentials status --stage dev"],
  "credentials remove": ["credentials remove keepa --stage dev"],
  login: ["login --stage dev --user you@example.com"],
  logout: ["logout --stage dev"],
  "users add": ["users add you@example.com --operator --stage dev"],
  "users remove": ["users remove you@example.com --stage dev"],
  deploy: ["deploy dev --dry-run", "deploy prod-eu --profile prod", "deploy staging --yes -- --concurrency 4"],
  restore: ["restore failures --from failures-copy --stage staging"],
  destroy: ["destroy test --dry-run", "destroy test --delete-data"],
  "page parse": ["page parse saved.html --marketplace amazon.de --asin B08DQQ8CBP"],
  mcp: ["mcp --stage dev"],
  completion: ["completion bash > ~/.local/share/bash-completion/completions/enrichline"],
};

/** Adds the examples to the help of every command that has some. */
export const addExamples = (program: Command): void => {
  for (const command of leavesOf(program)) {
    const lines = (EXAMPLES[pathOf(command)] ?? []).map((example) => `  enrichline ${example}\n`);
    if (lines.length > 0) command.addHelpText("after", `\nExamples:\n${lines.join("")}`);
  }
};
