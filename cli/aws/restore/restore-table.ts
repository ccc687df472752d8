import { createHash } from "node:crypto";
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import {
  type AttributeValue,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeySchemaElement,
  PutItemCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { CliError, EXIT } from "../../cli-error.ts";
import type { AwsAccess } from "../aws-access.ts";
import { awsError } from "../aws-error.ts";
import { stackOutputs } from "../stack-outputs.ts";
import { outputOf } from "./restorable-tables.ts";

type Row = Record<string, AttributeValue>;

/** Rows by what happens to them. */
export interface RestorePlan {
  /** Only the restored copy has them. */
  readonly missing: number;
  /** Both have them, and they differ. */
  readonly changed: number;
  /** Only the table has them: they are newer than the copy. */
  readonly newer: number;
}

export interface RestoreOptions {
  /** Name of the stage's table by the design, such as `enrichment-status`. */
  readonly table: string;
  /** Name of the table that AWS restored beside it. */
  readonly from: string;
  /** Whether changed rows are put back and newer ones removed; else both stay as they are. */
  readonly whole: boolean;
  /** Whether anything is written. */
  readonly apply: boolean;
}

/** Writes under way at a time; on-demand tables take far more. */
const WRITES = 25;

/** The same text for the same row, in whatever order its attributes came. */
const textOf = (row: Row): string =>
  JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)));
const digestOf = (row: Row): string => createHash("sha256").update(textOf(row)).digest("base64");

async function* rowsOf(client: DynamoDBClient, TableName: string): AsyncGenerator<Row> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) yield* Items;
}

const keySchemaOf = async (client: DynamoDBClient, table: string): Promise<readonly string[]> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  return (Table?.KeySchema ?? []).map(({ AttributeName = "" }: KeySchemaElement) => AttributeName);
};

/** Runs `work` on every value, so many at a time. */
const inParallel = async <Value>(values: Iterable<Value>, work: (value: Value) => Promise<unknown>): Promise<void> => {
  const queue = values[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: WRITES }, worker));
};

/** Puts rows of the copy into the table of the stage. Safe to repeat: what was put is no difference any more. */
const putBack = async (
  client: DynamoDBClient,
  table: string,
  { from, whole, apply }: RestoreOptions,
): Promise<RestorePlan> => {
  const keys = await keySchemaOf(client, table);
  const copied = await keySchemaOf(client, from);
  if (keys.join() !== copied.join()) {
    throw new CliError(EXIT.USAGE, `${from} has other keys (${copied.join(", ")}) than ${table} (${keys.join(", ")}).`);
  }
  const keyOf = (row: Row): Row =>
    Object.fromEntries(keys.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const])));
  const present = new Map<string, { readonly key: Row; readonly digest: string }>();
  for await (const row of rowsOf(client, table)) {
    present.set(textOf(keyOf(row)), { key: keyOf(row), digest: digestOf(row) });
  }
  const writes: (() => Promise<unknown>)[] = [];
  let [missing, changed] = [0, 0];
  for await (const row of rowsOf(client, from)) {
    const id = textOf(keyOf(row));
    const now = present.get(id);
    present.delete(id);
    if (now?.digest === digestOf(row)) continue;
    if (now) changed += 1;
    else missing += 1;
    if (now && !whole) continue;
    writes.push(() =>
      client
        .send(
          new PutItemCommand({
            TableName: table,
            Item: row,
            // A row that came meanwhile is newer.
            ...(now
              ? {}
              : {
                  ConditionExpression: "attribute_not_exists(#key)",
                  ExpressionAttributeNames: { "#key": keys[0] ?? "" },
                }),
          }),
        )
        .catch((error: unknown) => {
          if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
        }),
    );
  }
  if (whole) {
    for (const { key } of present.values()) {
      writes.push(() => client.send(new DeleteItemCommand({ TableName: table, Key: key })));
    }
  }
  if (apply) await inParallel(writes, (write) => write());
  return { missing, changed, newer: present.size };
};

/**
 * Compares a table of a stage with a copy that AWS restored, and puts the copy's rows into it.
 * @throws CliError NOT_FOUND when there is no such stage or copy, USAGE when their keys differ
 */
export const restoreTable = async (access: AwsAccess, options: RestoreOptions): Promise<RestorePlan> => {
  const stacks = new CloudFormationClient(access.config);
  const client = new DynamoDBClient(access.config);
  try {
    const table = (await stackOutputs(stacks, access.stage, "Data")).get(outputOf(options.table));
    if (!table) throw new CliError(EXIT.NOT_FOUND, `Stage ${access.stage} has no table ${options.table}.`);
    return await putBack(client, table, options);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      throw new CliError(
        EXIT.NOT_FOUND,
        `There is no table ${options.from}. Restore a copy first, as docs/operations/backup.md says, and wait until it is ACTIVE.`,
        { cause: error },
      );
    }
    throw awsError(error, `Restoring ${options.table}`);
  } finally {
    stacks.destroy();
    client.destroy();
  }
};
