import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import * as z from "zod";
import { layoutOf } from "../../local/layout.ts";
import { OutputsSchema, readOutputs, USER_NAMES } from "../../local/outputs.ts";
import { findRunning } from "../../local/stack/find-running.ts";
import { startStack } from "../../local/stack/start-stack.ts";
import { tokenFor } from "../helpers/local-stack.ts";

const outputs = inject("outputs");
const layout = layoutOf(inject("stateDir"));

const claimsOf = (token: string): unknown => {
  const [, payload = ""] = token.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
};

test("the outputs file holds what its readers rely on", () => {
  expect(readOutputs(layout.outputsFile)).toEqual(OutputsSchema.parse(outputs));
  expect(Object.keys(outputs.queues)).toEqual(expect.arrayContaining(["enrich", "enrich-express"]));
  expect(Object.keys(outputs.tables)).toEqual(
    expect.arrayContaining(["enrichment-status", "products", "upstream-limits", "failures", "operations"]),
  );
  expect(Object.keys(outputs.upstreams)).toContain("creators-api");
});

test("all three users can sign in and use the API, and only the operator is in the group", async () => {
  for (const name of USER_NAMES) {
    const token = await tokenFor(outputs, name);
    const response = await fetch(`${outputs.apiUrl}/catalogs`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    const { "cognito:groups": groups = [] } = z
      .object({ "cognito:groups": z.array(z.string()).optional() })
      .parse(claimsOf(token));
    expect(groups.includes("operators")).toBe(name === "operator");
  }
});

test("a forged token and a missing one are refused", async () => {
  const token = await tokenFor(outputs, "demo");
  const [header, , signature] = token.split(".");
  const forged = Buffer.from(JSON.stringify({ ...z.object({}).loose().parse(claimsOf(token)), sub: "somebody-else" }));
  for (const bearer of [`${header}.${forged.toString("base64url")}.${signature}`, undefined]) {
    const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
    expect((await fetch(`${outputs.apiUrl}/catalogs`, { headers: new Headers(headers) })).status).toBe(401);
  }
});

test("the gateway's own origin may call the API from a browser, another may not", async () => {
  const preflight = async (origin: string): Promise<string | null> => {
    const headers = { origin, "access-control-request-method": "POST" };
    const response = await fetch(`${outputs.apiUrl}/catalogs`, { method: "OPTIONS", headers });
    return response.headers.get("access-control-allow-origin");
  };
  expect(await preflight(new URL(outputs.consoleUrl).origin)).toBe(new URL(outputs.consoleUrl).origin);
  expect(await preflight("http://elsewhere.example")).toBeNull();
});

test("a second start in the same folder leaves the running stack alone", async () => {
  await expect(
    startStack({ layout, products: { keepNulls: false }, ports: { gateway: 0, emulator: 0 }, show: "nothing" }),
  ).rejects.toThrow(/running .* already/);
  expect((await findRunning(layout)).state).toBe("running");
  expect(existsSync(join(layout.dir, "outputs.json"))).toBe(true);
});
