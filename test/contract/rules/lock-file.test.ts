import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as z from "zod";

const LockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      /** Part of another package, and covered by the digest of that. */
      inBundle: z.boolean().optional(),
    }),
  ),
});
const { packages } = LockSchema.parse(
  JSON.parse(readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8")),
);
const installed = Object.entries(packages).filter(([place, { inBundle }]) => place !== "" && !inBundle);

it("checks every package that is installed, on any platform, by a digest; `npm run lock:integrity` fills in what npm left out", () => {
  const bare = installed.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""));
  expect(bare.map(([place]) => place)).toEqual([]);
  expect(installed.length).toBeGreaterThan(300);
});

it("takes packages from a registry over https only", () => {
  const elsewhere = installed.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith("https://"));
  expect(elsewhere.map(([place]) => place)).toEqual([]);
});
