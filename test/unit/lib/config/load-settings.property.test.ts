import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { ConfigError } from "../../../../lambdas/common/core/errors.ts";
import { loadSettings } from "../../../../lib/config/load-settings.ts";
import { mutated, mutatedJson } from "../../../helpers/bad-input/nasty.ts";
import { testRuns } from "../../../helpers/test-runs.ts";
import { testSeed } from "../../../helpers/test-seed.ts";

const SEED = testSeed("bad settings");
const CdkSchema = z.object({ context: z.looseObject({ stages: z.record(z.string(), z.looseObject({})) }) });
const { context } = CdkSchema.parse(JSON.parse(readFileSync(new URL("../../../../cdk.json", import.meta.url), "utf8")));

it("settings of any stage that are nearly right are taken, or refused in words that name what is wrong", () => {
  const stage = fc.constantFrom(...Object.keys(context.stages));
  const own = stage.chain((name) =>
    fc.record({
      stage: fc.constant<unknown>(name),
      stages: mutated({ [name]: context.stages[name] }),
      settings: fc.oneof(fc.constant(undefined), mutatedJson({ batch_size: 20, alarm_email: "a@example.com" })),
      endpoints: fc.oneof(fc.constant(undefined), mutatedJson({ keepa: { api: "http://127.0.0.1:1" } })),
    }),
  );
  fc.assert(
    fc.property(own, (given: Readonly<Record<string, unknown>>) => {
      try {
        expect(loadSettings((key) => given[key] ?? (key === "stages" ? undefined : context[key])).stage).toBe(
          given.stage,
        );
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { seed: SEED, numRuns: testRuns(500), endOnFailure: true },
  );
});
