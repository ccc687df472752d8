import { marshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import type { VirtualClock } from "../../shared/virtual-clock.ts";
import { type Counts, LATENCY_MS } from "./counts.ts";
import { type Bindings, holds, type Item, updated } from "./expressions.ts";
import { itemSize } from "./item-size.ts";
import { MemoryTable, type TableShape } from "./memory-table.ts";

/** Error classes of the SDK copy that the product was bundled with. */
export interface DynamoErrors {
  readonly conditionFailed: (item: unknown) => Error;
  readonly transactionCancelled: (codes: readonly string[]) => Error;
}

const ItemSchema = z.record(z.string(), z.unknown());
const NamesSchema = z.record(z.string(), z.string());
const WriteSchema = z.object({
  TableName: z.string(),
  Key: ItemSchema.optional(),
  Item: ItemSchema.optional(),
  UpdateExpression: z.string().optional(),
  ConditionExpression: z.string().optional(),
  ExpressionAttributeNames: NamesSchema.optional(),
  ExpressionAttributeValues: ItemSchema.optional(),
  ReturnValues: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.string().optional(),
});
type Write = z.infer<typeof WriteSchema> & { readonly kind: "put" | "update" | "delete" | "check" };
const TransactionSchema = z.object({
  TransactItems: z.array(
    z.object({
      Put: WriteSchema.optional(),
      Update: WriteSchema.optional(),
      Delete: WriteSchema.optional(),
      ConditionCheck: WriteSchema.optional(),
    }),
  ),
});
const GetSchema = z.object({ TableName: z.string(), Key: ItemSchema, ConsistentRead: z.boolean().optional() });
const BatchGetSchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(ItemSchema), ConsistentRead: z.boolean().optional() })),
});
const ScanSchema = z.looseObject({ TableName: z.string(), ExclusiveStartKey: ItemSchema.optional() });
/** What one page of a Scan or a Query reads at most. */
const PAGE_BYTES = 1_048_576;
const QuerySchema = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string(),
  FilterExpression: z.string().optional(),
  ExpressionAttributeNames: NamesSchema.optional(),
  ExpressionAttributeValues: ItemSchema.optional(),
  ExclusiveStartKey: ItemSchema.optional(),
  Limit: z.number().optional(),
  ScanIndexForward: z.boolean().optional(),
  ConsistentRead: z.boolean().optional(),
});

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

const bindingsOf = (input: Pick<Write, "ExpressionAttributeNames" | "ExpressionAttributeValues">): Bindings => ({
  names: input.ExpressionAttributeNames ?? {},
  values: input.ExpressionAttributeValues ?? {},
});

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);

/**
 * DynamoDB in memory behind the document client's interface, with the conditions, updates and sparse indexes of the real
 * one, and with its rules for request units. Items are handed out as they are stored: the product never changes one.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export class MemoryDynamo {
  readonly #tables: ReadonlyMap<string, MemoryTable>;
  readonly #counts: Counts;
  readonly #clock: VirtualClock;
  readonly #errors: DynamoErrors;

  constructor(
    tables: Readonly<Record<string, TableShape>>,
    parts: { readonly counts: Counts; readonly clock: VirtualClock; readonly errors: DynamoErrors },
  ) {
    this.#tables = new Map(Object.entries(tables).map(([name, shape]) => [name, new MemoryTable(shape)]));
    this.#counts = parts.counts;
    this.#clock = parts.clock;
    this.#errors = parts.errors;
  }

  /** All items of a table, as they are now. */
  items(table: string): Item[] {
    return [...this.#table(table).items.values()];
  }

  /** Puts an item that no request asked for; nothing is counted. */
  replace(table: string, item: Item): void {
    const target = this.#table(table);
    const id = target.id(item);
    target.replace(id, target.get(id), item);
  }

  /** How many items were ever written to a table of which only sizes are kept. */
  written(table: string): number {
    return this.#table(table).sizes.size;
  }

  async send(operation: string, input: unknown): Promise<unknown> {
    this.#counts.add("dynamodb", operation);
    await this.#clock.sleep(operation === "TransactWrite" ? LATENCY_MS.transaction : LATENCY_MS.dynamodb);
    switch (operation) {
      case "Get":
        return this.#get(GetSchema.parse(input));
      case "BatchGet":
        return this.#batchGet(BatchGetSchema.parse(input));
      case "Query":
        return this.#query(QuerySchema.parse(input));
      case "Scan":
        return this.#scan(ScanSchema.parse(input));
      case "Put":
        return this.#single({ ...(input as Write), kind: "put" });
      case "Update":
        return this.#single({ ...(input as Write), kind: "update" });
      case "Delete":
        return this.#single({ ...(input as Write), kind: "delete" });
      case "TransactWrite":
        return this.#transaction(TransactionSchema.parse(input).TransactItems);
      default:
        throw new Error(`the simulated tables do not know ${operation}`);
    }
  }

  #table(name: string): MemoryTable {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`there is no table ${name}`);
    return table;
  }

  #get({ TableName, Key, ConsistentRead = false }: z.infer<typeof GetSchema>): unknown {
    const table = this.#table(TableName);
    const Item = table.get(table.id(Key));
    this.#counts.readUnits += readUnits(Item ? itemSize(Item) : 0, ConsistentRead);
    return Item ? { Item } : {};
  }

  #batchGet({ RequestItems }: z.infer<typeof BatchGetSchema>): unknown {
    const Responses: Record<string, Item[]> = {};
    for (const [name, { Keys, ConsistentRead = false }] of Object.entries(RequestItems)) {
      const table = this.#table(name);
      Responses[name] = Keys.flatMap((key): Item[] => {
        const item = table.get(table.id(key));
        this.#counts.readUnits += readUnits(item ? itemSize(item) : 0, ConsistentRead);
        return item ? [item] : [];
      });
    }
    return { Responses };
  }

  #query(input: z.infer<typeof QuerySchema>): unknown {
    const table = this.#table(input.TableName);
    const index = input.IndexName ?? "";
    const bindings = bindingsOf(input);
    const [, name = "", value = ""] = /^\s*([#\w]+) = (:\w+)/.exec(input.KeyConditionExpression) ?? [];
    if (name === "") throw new Error(`cannot find the partition: ${input.KeyConditionExpression}`);
    let found = table.query(index, bindings.values[value], (item) =>
      holds(input.KeyConditionExpression, item, bindings),
    );
    if (input.ScanIndexForward === false) found.reverse();
    if (input.ExclusiveStartKey) {
      const start = table.id(input.ExclusiveStartKey);
      found = found.slice(found.findIndex((item) => table.id(item) === start) + 1);
    }
    const page = found.slice(0, input.Limit ?? found.length).map((item) => table.project(index, item));
    const bytes = page.reduce((sum, item) => sum + itemSize(item), 0);
    this.#counts.readUnits += readUnits(bytes, input.ConsistentRead ?? false);
    const last = page.at(-1);
    const Items = page.filter((item) => holds(input.FilterExpression, item, bindings));
    return last && page.length < found.length ? { Items, LastEvaluatedKey: last } : { Items };
  }

  /** One page of at most 1 MB, as it is before any projection. */
  #scan({ TableName, ExclusiveStartKey }: z.infer<typeof ScanSchema>): unknown {
    const table = this.#table(TableName);
    const found = [...table.items.values()];
    const start = ExclusiveStartKey && table.id(ExclusiveStartKey);
    const page: Item[] = [];
    let bytes = 0;
    for (const item of found.slice(found.findIndex((one) => table.id(one) === start) + 1)) {
      bytes += itemSize(item);
      page.push(item);
      if (bytes >= PAGE_BYTES) break;
    }
    this.#counts.readUnits += readUnits(bytes, false);
    const last = page.at(-1);
    return bytes >= PAGE_BYTES && last ? { Items: page, LastEvaluatedKey: last } : { Items: page };
  }

  /** What a write would make of its item; undefined when its condition does not hold. */
  #plan(write: Write): { readonly table: MemoryTable; readonly id: string; readonly before: Item | undefined } {
    const table = this.#table(write.TableName);
    const id = table.id(write.Key ?? write.Item ?? {});
    // A condition on what was never written needs no item, so that products can be written blindly.
    return { table, id, before: table.shape.sizesOnly ? undefined : table.get(id) };
  }

  /** @returns the item afterwards; its units are counted, `times` for transactions. */
  #apply(write: Write, times: number): Item | undefined {
    const { table, id, before } = this.#plan(write);
    let after: Item | undefined = before;
    if (write.kind === "put") after = write.Item;
    else if (write.kind === "delete") after = undefined;
    else if (write.UpdateExpression !== undefined)
      after = updated(write.UpdateExpression, before ?? { ...write.Key }, bindingsOf(write));
    const bytes = Math.max(before ? itemSize(before) : 0, after ? itemSize(after) : 0);
    const { TableName } = write;
    this.#counts.write(`${TableName} ${times === 1 ? "" : "transact "}${write.kind}`, times * writeUnits(bytes));
    if (write.kind !== "check") this.#counts.write(`${TableName} indexes`, table.replace(id, before, after));
    return after;
  }

  #single(write: Write): unknown {
    const { before } = this.#plan(write);
    if (!holds(write.ConditionExpression, before ?? {}, bindingsOf(write))) {
      this.#counts.write(`${write.TableName} refused`, writeUnits(before ? itemSize(before) : 0));
      const isWanted = before && write.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
      throw this.#errors.conditionFailed(
        isWanted ? marshall({ ...before }, { removeUndefinedValues: true }) : undefined,
      );
    }
    const after = this.#apply(write, 1);
    if (write.ReturnValues === "ALL_OLD") return before ? { Attributes: before } : {};
    return { Attributes: after };
  }

  #transaction(items: z.infer<typeof TransactionSchema>["TransactItems"]): unknown {
    const writes = items.map(({ Put, Update, Delete, ConditionCheck }): Write => {
      if (Put) return { ...Put, kind: "put" };
      if (Update) return { ...Update, kind: "update" };
      if (Delete) return { ...Delete, kind: "delete" };
      if (ConditionCheck) return { ...ConditionCheck, kind: "check" };
      throw new Error("an entry of a transaction says nothing to do");
    });
    const refused = writes.map(
      (write) => !holds(write.ConditionExpression, this.#plan(write).before ?? {}, bindingsOf(write)),
    );
    if (refused.includes(true)) {
      for (const write of writes) {
        const units = 2 * writeUnits(itemSize(this.#plan(write).before ?? {}));
        this.#counts.write(`${write.TableName} refused`, units);
      }
      throw this.#errors.transactionCancelled(refused.map((one) => (one ? "ConditionalCheckFailed" : "None")));
    }
    // A transaction writes everything twice: once to prepare, once to commit.
    for (const write of writes) this.#apply(write, 2);
    return {};
  }
}
