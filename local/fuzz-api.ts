import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bareEnvironment } from "./aws-environment.ts";
import { layoutOf, REPOSITORY_ROOT } from "./layout.ts";
import { LocalError } from "./local-error.ts";
import { runCommand } from "./process/run-command.ts";
import { installTool } from "./python/install-tool.ts";
import { cognitoToken } from "./stack/cognito-token.ts";
import { runEntry } from "./stack/run-entry.ts";
import { startStack } from "./stack/start-stack.ts";

/** The release of schemathesis that makes the cases. */
const SCHEMATHESIS = {
  name: "schemathesis",
  version: "4.30.1",
  requirements: join(import.meta.dirname, "fuzz", "schemathesis-requirements.txt"),
};
/** What an answer must not be: an error of the server, or anything that the document does not say. */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
];
/** So that look-ups end within the second; what they find is not the matter here. */
const CALLS_PER_SECOND = 50;
const START = join(import.meta.dirname, "fuzz", "start.py");
const TIMEOUT_MS = 3_600_000;

/**
 * `npm run fuzz:api`: sends random requests, good and bad, to every route of the API on a local stack of its own, and
 * holds each answer against docs/api/openapi.json. Ends with code 1 when one is a 5xx or outside its schema.
 */
await runEntry(async ({ signal }) => {
  const { values } = parseArgs({
    options: {
      examples: { type: "string", default: "150" },
      seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    },
  });
  const python = await installTool(join(REPOSITORY_ROOT, ".local"), SCHEMATHESIS, { say: console.log, signal });
  const dir = await mkdtemp(join(tmpdir(), "enrichline-fuzz-"));
  const sources = ["creators-api", "sp-api", "keepa"].map((id) => ({ id, calls_per_second: CALLS_PER_SECOND }));
  const stack = await startStack({
    layout: layoutOf(dir),
    products: { keepNulls: false },
    ports: { gateway: 0, emulator: 0 },
    settings: { sources, api_calls_per_second: 1_000, api_burst_calls: 1_000 },
    signal,
  });
  try {
    const { outputs } = stack;
    for (const { controlUrl } of Object.values(outputs.upstreams)) {
      const body = JSON.stringify({ calls_per_second: 10 * CALLS_PER_SECOND });
      const answer = await fetch(`${controlUrl}/behaviour`, { method: "POST", body });
      if (!answer.ok) throw new LocalError(`${controlUrl} answered ${answer.status}`);
    }
    // Examples of a body in CSV cannot be sent by schemathesis; the samples of `events/api/` are tested elsewhere.
    // The operator may call every route.
    const token = await cognitoToken(outputs, "operator");
    console.log(`Seed ${values.seed}: --seed ${values.seed} repeats the cases.`);
    await runCommand({
      name: "schemathesis",
      command: python,
      args: [
        ...[START, "run", join(REPOSITORY_ROOT, "docs", "api", "openapi.json")],
        ...["--url", new URL(outputs.apiUrl).origin, "--header", `authorization: Bearer ${token}`],
        ...["--checks", CHECKS.join(","), "--phases", "coverage,fuzzing", "--mode", "all"],
        ...["--max-examples", values.examples, "--seed", values.seed, "--workers", "4", "--continue-on-failure"],
        ...["--request-timeout", "35", "--no-color", "--suppress-health-check", "all"],
      ],
      env: bareEnvironment(),
      cwd: dir,
      timeoutMs: TIMEOUT_MS,
      signal,
      onLine: (line) => console.log(line),
    });
    return 0;
  } finally {
    await stack.stop();
    await rm(dir, { recursive: true, force: true });
  }
});
