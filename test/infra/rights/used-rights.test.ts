import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";
import { isAllowed } from "../../helpers/iam/is-allowed.ts";
import { reachedFiles } from "../../helpers/suite/reached-files.ts";
import { fullStage, type StageFunction } from "./stage-rights.ts";

const { stage, functions } = fullStage();

/** How code asks for an action, in a file that works on a table. */
const ASKED: Readonly<Record<string, RegExp>> = {
  BatchWriteItem: /from "[^"]*\/batch-delete\.ts"/,
  BatchGetItem: /from "[^"]*\/batch-get\.ts"/,
  ConditionCheckItem: /\bConditionCheck: /,
  DeleteItem: /\bDeleteCommand\(|\bDelete: /,
  GetItem: /\bGetCommand\(/,
  PutItem: /\bPutCommand\(|\bPut: /,
  Query: /from "[^"]*\/query-pages\.ts"/,
  Scan: /from "[^"]*\/scan-page\.ts"/,
  UpdateItem: /\bUpdateCommand\(|\bUpdate: /,
};

/** Folder of a table's adapter, where it has another name. */
const FOLDERS: Readonly<Record<string, string>> = {
  "assembly-staging": "shop",
  "live-connections": "live",
  "shop-products": "shop",
};

/** Rights that code outside the table's own folder uses. */
const USED_ELSEWHERE: Readonly<Record<string, string>> = {
  "operations-api enrichment-status GetItem": "adapters/aws/health-probes.ts asks whether a table answers",
  "products-api operations GetItem": "Powertools keeps keys of repeated requests",
  "products-api operations PutItem": "Powertools keeps keys of repeated requests",
  "products-api operations UpdateItem": "Powertools keeps keys of repeated requests",
  "products-api operations DeleteItem": "Powertools keeps keys of repeated requests",
  "catalogs-api operations DeleteItem": "Powertools keeps keys of repeated requests",
  ...Object.fromEntries(
    ["enrichment-status", "operations", "assembly-staging", "shop-products", "refresh-jobs", "webhooks"].map(
      (table) => [
        `handle-dead-letters ${table} GetItem`,
        "adapters/dynamodb/dead-letters/subject-rows.ts asks the row that a message leads to",
      ],
    ),
  ),
};

const RoomSchema = z.looseObject({
  Environment: z.object({ Variables: z.looseObject({ POWERTOOLS_SERVICE_NAME: z.string() }) }),
});

/** Code that a function brings along and that works on a table. */
const codeOf = ({ resource }: StageFunction, table: string): string => {
  const room = RoomSchema.parse(resource.properties).Environment.Variables.POWERTOOLS_SERVICE_NAME;
  const folder = `/lambdas/common/adapters/dynamodb/${FOLDERS[table] ?? table}/`;
  return [...reachedFiles(join(REPOSITORY_ROOT, "lambdas", room, "index.ts"))]
    .filter((file) => file.includes(folder))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
};

it("no function may do to a table what no code that it brings along does", () => {
  const unused: string[] = [];
  const found = new Set<string>();
  for (const fn of functions) {
    for (const table of stage.all("AWS::DynamoDB::Table")) {
      const name = table.name.replace(/-table$/, "");
      const granted = Object.keys(ASKED).filter((action) =>
        isAllowed(fn.role.statements, `dynamodb:${action}`, table.arn),
      );
      const code = granted.length === 0 ? "" : codeOf(fn, name);
      for (const action of granted) {
        const right = `${fn.name} ${name} ${action}`;
        found.add(right);
        if (!ASKED[action]?.test(code) && USED_ELSEWHERE[right] === undefined) unused.push(right);
      }
    }
  }
  expect(unused).toEqual([]);
  expect(found.size).toBeGreaterThan(100);
  expect(Object.keys(USED_ELSEWHERE).filter((right) => !found.has(right))).toEqual([]);
});
