import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { PROOFS } from "../../../../local/clients/proofs.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const PackageSchema = z.object({ scripts: z.record(z.string(), z.string()) });

describe("the proofs by third-party clients", () => {
  it("are run by npm run clients", () => {
    const { scripts } = PackageSchema.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
    expect(scripts.clients).toBe("node local/clients/run.ts");
  });

  it.each(PROOFS)("have a script: $client", ({ script }) =>
    expect(existsSync(join(ROOT, "local/clients", script))).toBe(true),
  );
});
