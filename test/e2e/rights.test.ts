import { join } from "node:path";
import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { paginateListSecrets, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { clientConfig } from "../../local/aws-environment.ts";
import { readStackOutputs } from "../../local/stack/read-stack-outputs.ts";
import { Api } from "../helpers/e2e/api.ts";
import { type Attempt, attemptsAt, openClients, type RoleClients, refusalOf } from "../helpers/e2e/rights/attempts.ts";
import { EmulatorIam, type RoleCredentials } from "../helpers/e2e/rights/emulator-iam.ts";
import { isAllowed } from "../helpers/iam/is-allowed.ts";
import type { Statement } from "../helpers/iam/statements.ts";

/** Calls under way at once. */
const LANES = 8;
/** Of what a function may not do, every so many is tried, another share by each function; what it may do is tried whole. */
const SAMPLE = 4;

const outputs = inject("outputs");
const { webSocketApiId } = readStackOutputs(join(inject("stateDir"), "stack-outputs.json"));
const iam = new EmulatorIam(outputs.emulatorUrl);

interface DeployedFunction {
  readonly name: string;
  /** Its room, and its queue where two functions share one. */
  readonly title: string;
  readonly role: string;
  readonly statements: readonly Statement[];
  readonly credentials: RoleCredentials;
  readonly clients: RoleClients;
}

const roleNameOf = (roleArn: string): string => roleArn.split("/").at(-1) ?? "";

const listFunctions = async (): Promise<DeployedFunction[]> => {
  const client = new LambdaClient(clientConfig(outputs.emulatorUrl));
  const connectionsUrl = `${outputs.emulatorUrl}/_aws/execute-api/${webSocketApiId}/live`;
  const found: DeployedFunction[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName: name = "", Role = "", Environment } of Functions) {
      const { POWERTOOLS_SERVICE_NAME: room = name, PRIORITY: priority } = Environment?.Variables ?? {};
      const [statements, credentials] = await Promise.all([iam.statements(roleNameOf(Role)), iam.assume(Role)]);
      const clients = openClients(outputs, credentials, connectionsUrl);
      found.push({
        name,
        title: priority === "express" ? `${room} (express)` : room,
        role: Role,
        statements,
        credentials,
        clients,
      });
    }
  }
  client.destroy();
  return found;
};

const listSecrets = async (): Promise<Record<string, string>> => {
  const client = new SecretsManagerClient(clientConfig(outputs.emulatorUrl));
  const found: Record<string, string> = {};
  for await (const { SecretList = [] } of paginateListSecrets({ client }, {})) {
    for (const { Name = "", ARN = "" } of SecretList) found[Name] = ARN;
  }
  client.destroy();
  return found;
};

/** What a function must not be let do, by hand: one line says more than any derivation. */
const NOT_ITS_BUSINESS: Readonly<Record<string, readonly (readonly [action: string, what: string])[]>> = {
  "accept-requests": [
    ["dynamodb:GetItem", "table products"],
    ["s3:GetObject", "objects exports/"],
  ],
  "assemble-product": [
    ["dynamodb:GetItem", "table enrichment-status"],
    ["events:PutEvents", "event bus"],
  ],
  "authorize-requests": [
    ["cognito-idp:AdminAddUserToGroup", "users"],
    ["dynamodb:Scan", "table access"],
  ],
  "broadcast-changes": [
    ["dynamodb:GetItem", "table enrichment-status"],
    ["dynamodb:GetItem", "table products"],
  ],
  "catalogs-api": [
    ["dynamodb:UpdateItem", "table products"],
    ["cognito-idp:AdminGetUser", "users"],
  ],
  "deliver-webhooks": [
    ["dynamodb:GetItem", "table products"],
    ["s3:GetObject", "objects catalogs/"],
  ],
  "dispatch-batches": [
    ["dynamodb:UpdateItem", "table upstream-limits"],
    ["s3:DeleteObject", "objects catalogs/"],
  ],
  "enrich-batch": [
    ["events:PutEvents", "event bus"],
    ["s3:GetObject", "objects raw/"],
  ],
  "enrich-batch (express)": [
    ["sqs:ReceiveMessage", "queue enrich"],
    ["s3:GetObject", "objects exports/"],
  ],
  "export-catalog": [
    ["dynamodb:UpdateItem", "table products"],
    ["sqs:SendMessage", "queue enrich"],
  ],
  "handle-dead-letters": [
    ["dynamodb:UpdateItem", "table enrichment-status"],
    ["s3:GetObject", "objects catalogs/"],
  ],
  "ingest-catalog": [
    ["dynamodb:UpdateItem", "table upstream-limits"],
    ["s3:GetObject", "objects exports/"],
  ],
  "live-connections": [
    ["dynamodb:UpdateItem", "table enrichment-status"],
    ["dynamodb:GetItem", "table access"],
  ],
  "operations-api": [
    ["cognito-idp:AdminAddUserToGroup", "users"],
    ["s3:GetObject", "objects catalogs/"],
  ],
  "plan-refresh": [
    ["dynamodb:UpdateItem", "table products"],
    ["sqs:ReceiveMessage", "queue refresh"],
  ],
  "products-api": [
    ["dynamodb:GetItem", "table enrichment-status"],
    ["s3:GetObject", "objects uploads/"],
  ],
  "publish-events": [
    ["dynamodb:UpdateItem", "table products"],
    ["sns:Publish", "topic new-products"],
  ],
  "react-to-outcomes": [
    ["dynamodb:GetItem", "table products"],
    ["sqs:SendMessage", "queue requests"],
  ],
  "refresh-products": [
    ["dynamodb:GetItem", "table enrichment-status"],
    ["s3:DeleteObject", "objects raw/"],
  ],
  "shop-api": [
    ["dynamodb:GetItem", "table enrichment-status"],
    ["dynamodb:UpdateItem", "table shop-products"],
  ],
  "sweep-expired": [
    ["s3:GetObject", "objects exports/"],
    ["s3:DeleteObject", "objects catalogs/"],
  ],
  "sweep-staging": [
    ["dynamodb:GetItem", "table products"],
    ["sqs:ReceiveMessage", "queue caption-parsed"],
  ],
  reconcile: [
    ["dynamodb:UpdateItem", "table upstream-limits"],
    ["s3:GetObject", "objects catalogs/"],
  ],
};

let functions: DeployedFunction[];
let attempts: Attempt[];
beforeAll(async () => {
  functions = await listFunctions();
  attempts = attemptsAt({
    ...{ outputs, webSocketApiId, secrets: await listSecrets() },
    functionNames: functions.map(({ name }) => name),
  });
});

describe("the role of every deployed function", () => {
  it("is refused what is not its business", async () => {
    expect(functions.map(({ title }) => title).sort()).toEqual(Object.keys(NOT_ITS_BUSINESS).sort());
    for (const { title, clients } of functions) {
      for (const [action, what] of NOT_ITS_BUSINESS[title] ?? []) {
        const attempt = attempts.find((one) => one.action === action && one.what === what);
        if (attempt === undefined) throw new Error(`no attempt at ${action} on ${what}`);
        expect(await refusalOf(attempt, clients), `${title}: ${action} on ${what}`).toBeDefined();
      }
    }
  });

  it("is let do what its policies allow, and refused all else that is tried", async () => {
    const calls = functions.flatMap((fn, row) =>
      attempts
        .map((attempt) => ({ fn, attempt, isLet: isAllowed(fn.statements, attempt.action, attempt.arn) }))
        .filter(({ isLet }, column) => isLet || (row + column) % SAMPLE === 0),
    );
    const wrong: string[] = [];
    const counts = new Map<string, { allowed: number; refused: number }>();
    const work = calls.values();
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (const { fn, attempt, isLet } of work) {
          const refusal = await refusalOf(attempt, fn.clients);
          if (isLet !== (refusal === undefined))
            wrong.push(
              `${fn.title}: ${attempt.action} on ${attempt.what} ${refusal ? "is refused" : "is let through"}`,
            );
          const count = counts.get(fn.title) ?? { allowed: 0, refused: 0 };
          counts.set(fn.title, count);
          count[isLet ? "allowed" : "refused"] += 1;
        }
      }),
    );
    expect(wrong).toEqual([]);
    for (const { title } of functions) {
      expect(counts.get(title)?.allowed, title).toBeGreaterThan(0);
      expect(counts.get(title)?.refused, title).toBeGreaterThan(20);
    }
  });

  it("can neither take on another role nor change what it may do", async () => {
    for (const [row, { title, role, credentials }] of functions.entries()) {
      const own = new EmulatorIam(outputs.emulatorUrl, credentials);
      const another = functions[(row + 1) % functions.length]?.role ?? "";
      await expect(own.assume(another), title).rejects.toThrow(/403.*AccessDenied/s);
      await expect(
        own.whileDenied(roleNameOf(role), "none:None", async () => undefined),
        title,
      ).rejects.toThrow(/PutRolePolicy answered 403.*AccessDenied/s);
    }
  });
});

it("a function runs by its role: what the role is denied, the function cannot do", async () => {
  const shop = functions.find(({ title }) => title === "shop-api");
  if (!shop) throw new Error("there is no shop-api");
  const anybody = new Api(outputs.apiUrl, undefined);
  const read = async () => (await anybody.call("GET", "/shop/nobody/products")).status;
  expect(await read()).toBe(200);
  expect(await iam.whileDenied(roleNameOf(shop.role), "dynamodb:Query", read)).toBeGreaterThanOrEqual(500);
  expect(await read()).toBe(200);
});
