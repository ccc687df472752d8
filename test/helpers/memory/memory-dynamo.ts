import { ConditionalCheckFailedException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { testSeed } from "../test-seed.ts";
import { refusalOf } from "./item-rules.ts";
import { type Bindings, holds, type Item, updated } from "./memory-expressions.ts";

type Keys = readonly [hash: string, range?: string];

/** Keys of a table and of its indexes. */
export interface MemoryTable {
  readonly keys: Keys;
  readonly indexes?: Readonly<Record<string, Keys>>;
}

/** Most items that a page holds, whatever the list. The real thing ends pages after 1 MB, in the midst of any list. */
const MAX_PAGE_ITEMS = 3;
const SEED = testSeed("pages of tables in memory");

/** Page sizes from 1 on, the same ones for every set of tables, so that a test that repeats itself meets the same. */
const seededPages = (): (() => number) => {
  let state = SEED;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return 1 + ((state >>> 16) % MAX_PAGE_ITEMS);
  };
};

interface Write {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
  readonly ReturnValues?: string | undefined;
  readonly remove?: boolean;
}

const bindingsOf = (input: Pick<Write, "ExpressionAttributeNames" | "ExpressionAttributeValues">): Bindings => ({
  names: input.ExpressionAttributeNames ?? {},
  values: input.ExpressionAttributeValues ?? {},
});

/** The attributes of an item that a list asked for; no more of it is there on AWS. */
const projected = (item: Item, input: QueryCommand["input"] | ScanCommand["input"]): Item => {
  if (input.ProjectionExpression === undefined) return item;
  const names = input.ProjectionExpression.split(/[\s,]+/).map(
    (name) => input.ExpressionAttributeNames?.[name] ?? name,
  );
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
};

/** As the table keeps it: without what is undefined, and with sets, which JSON has not. */
const plain = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        value instanceof Set || value instanceof Uint8Array
          ? structuredClone(value)
          : JSON.parse(JSON.stringify(value)),
      ]),
  );

/**
 * Tables in memory behind the document client's interface: every command is one atomic step with the conditions and
 * updates of the real thing. `gate` is awaited before each step, so that a test decides in which order steps happen.
 * `nextPage` gives the most items of the next page of any Query or Scan: small ones, so that code which reads the first page
 * only is found out everywhere. Items that the real thing refuses, too large ones and text that is no Unicode, are refused.
 */
export class MemoryDynamo {
  readonly #schema: Readonly<Record<string, MemoryTable>>;
  readonly #tables = new Map<string, Map<string, Item>>();
  readonly #gate: () => Promise<void>;
  readonly #nextPage: () => number;

  constructor(
    schema: Readonly<Record<string, MemoryTable>>,
    gate: () => Promise<void> = async () => {},
    nextPage: () => number = seededPages(),
  ) {
    this.#schema = schema;
    this.#gate = gate;
    this.#nextPage = nextPage;
    for (const name of Object.keys(schema)) this.#tables.set(name, new Map());
  }

  /** The client, as adapters take it. `gate`: awaited besides, for one process of several. */
  client(gate: () => Promise<void> = this.#gate): DynamoDBDocumentClient {
    const send = async (command: unknown): Promise<unknown> => {
      await gate();
      return structuredClone(this.#step(command));
    };
    return { send } as unknown as DynamoDBDocumentClient;
  }

  /** All items of a table, as they are now. */
  items(table: string): Item[] {
    return [...this.#table(table).values()];
  }

  #table(name: string | undefined): Map<string, Item> {
    const table = this.#tables.get(name ?? "");
    if (!table) throw new Error(`there is no table ${name}`);
    return table;
  }

  /** A key as a caller gives it: DynamoDB refuses one that has any other attribute. */
  #idOfKey(table: string | undefined, key: Item): string {
    const { keys } = this.#schema[table ?? ""] ?? { keys: [""] };
    if (Object.keys(key).some((name) => !keys.includes(name)) || keys.some((name) => key[name ?? ""] === undefined)) {
      throw new Error("ValidationException: The provided key element does not match the schema");
    }
    return this.#id(table, key);
  }

  #id(table: string | undefined, key: Item): string {
    const { keys } = this.#schema[table ?? ""] ?? { keys: [""] };
    return JSON.stringify(keys.map((name) => key[name ?? ""]));
  }

  #step(command: unknown): unknown {
    if (command instanceof GetCommand) {
      const { TableName, Key = {} } = command.input;
      const found = this.#table(TableName).get(this.#idOfKey(TableName, Key));
      return found ? { Item: found } : {};
    }
    if (command instanceof BatchGetCommand) {
      const Responses: Record<string, Item[]> = {};
      for (const [table, { Keys = [] }] of Object.entries(command.input.RequestItems ?? {})) {
        if (new Set(Keys.map((key) => this.#idOfKey(table, key))).size < Keys.length) {
          throw new Error("ValidationException: Provided list of item keys contains duplicates");
        }
        Responses[table] = Keys.flatMap((key): Item[] => {
          const found = this.#table(table).get(this.#idOfKey(table, key));
          return found ? [found] : [];
        });
      }
      return { Responses };
    }
    if (command instanceof BatchWriteCommand) {
      for (const [TableName, requests] of Object.entries(command.input.RequestItems ?? {})) {
        const keys = requests.map(({ DeleteRequest }) => DeleteRequest?.Key ?? {});
        if (new Set(keys.map((key) => this.#idOfKey(TableName, key))).size < keys.length) {
          throw new Error("ValidationException: Provided list of item keys contains duplicates");
        }
        for (const Key of keys) this.#single({ TableName, Key, remove: true });
      }
      return { UnprocessedItems: {} };
    }
    if (command instanceof QueryCommand) return this.#query(command.input);
    if (command instanceof ScanCommand) return this.#scan(command.input);
    if (command instanceof PutCommand) return this.#single(command.input);
    if (command instanceof UpdateCommand) return this.#single(command.input);
    if (command instanceof DeleteCommand) return this.#single({ ...command.input, remove: true });
    if (command instanceof TransactWriteCommand) return this.#transaction(command.input.TransactItems ?? []);
    throw new Error(`the memory table does not know ${String(command)}`);
  }

  #current(write: Write): Item | undefined {
    if (write.Key) return this.#table(write.TableName).get(this.#idOfKey(write.TableName, write.Key));
    return this.#table(write.TableName).get(this.#id(write.TableName, write.Item ?? {}));
  }

  /** The item as the write leaves it; undefined when it leaves none. */
  #next(write: Write): Item | undefined {
    if (write.remove) return undefined;
    return write.UpdateExpression
      ? updated(write.UpdateExpression, bindingsOf(write), this.#current(write) ?? { ...write.Key })
      : write.Item;
  }

  #apply(write: Write): Item | undefined {
    const table = this.#table(write.TableName);
    const id = this.#id(write.TableName, write.Key ?? write.Item ?? {});
    const next = this.#next(write);
    if (next) table.set(id, plain(next));
    else if (write.remove) table.delete(id);
    return next;
  }

  #single(write: Write): unknown {
    const current = this.#current(write);
    if (!holds(write.ConditionExpression, bindingsOf(write), current ?? {})) {
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        ...(current && write.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? { Item: marshall(current) } : {}),
      });
    }
    const refusal = refusalOf(this.#next(write) ?? {});
    if (refusal) throw refusal;
    const next = this.#apply(write);
    return { Attributes: write.ReturnValues === "ALL_OLD" ? current : next };
  }

  #transaction(items: NonNullable<TransactWriteCommand["input"]["TransactItems"]>): unknown {
    const writes = items.map(({ Put, Update, Delete, ConditionCheck }) => ({
      write: { ...(Put ?? Update ?? Delete ?? ConditionCheck), remove: Delete !== undefined } as Write,
      check: ConditionCheck !== undefined,
    }));
    const failed = writes.map(
      ({ write }) => !holds(write.ConditionExpression, bindingsOf(write), this.#current(write) ?? {}),
    );
    if (failed.includes(true)) {
      throw new TransactionCanceledException({
        message: "Transaction cancelled",
        $metadata: {},
        CancellationReasons: failed.map((refused) => ({ Code: refused ? "ConditionalCheckFailed" : "None" })),
      });
    }
    const refusals = writes.map(({ write, check }) => (check ? undefined : refusalOf(this.#next(write) ?? {})));
    if (refusals.some((refusal) => refusal !== undefined)) {
      throw new TransactionCanceledException({
        message: "Transaction cancelled",
        $metadata: {},
        CancellationReasons: refusals.map((refusal) => ({ Code: refusal ? "ValidationError" : "None" })),
      });
    }
    for (const { write, check } of writes) if (!check) this.#apply(write);
    return {};
  }

  #query(input: QueryCommand["input"]): unknown {
    const schema = this.#schema[input.TableName ?? ""];
    const keys = input.IndexName ? schema?.indexes?.[input.IndexName] : schema?.keys;
    if (!keys) throw new Error(`there is no index ${input.IndexName}`);
    const range = keys[1] ?? keys[0];
    const bindings = bindingsOf(input);
    const order = (item: Item): string => `${String(item[range])} ${this.#id(input.TableName, item)}`;
    let found = this.items(input.TableName ?? "")
      .filter((item) => keys.every((key) => key === undefined || item[key] !== undefined))
      .filter((item) => holds(input.KeyConditionExpression, bindings, item))
      .map((item) => ({ item, at: order(item) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ item }) => item);
    if (input.ScanIndexForward === false) found = found.reverse();
    const start = input.ExclusiveStartKey;
    // By its place in the order and not by the item, which may be gone by now.
    if (start) {
      const isAfter = (item: Item): boolean =>
        input.ScanIndexForward === false ? order(item) < order(start) : order(item) > order(start);
      found = found.filter(isAfter);
    }
    return this.#page(input, found, keys);
  }

  /** Items in no order that means anything, but the same one each time. */
  #scan(input: ScanCommand["input"]): unknown {
    const schema = this.#schema[input.TableName ?? ""];
    const keys = (input.IndexName ? schema?.indexes?.[input.IndexName] : schema?.keys) ?? [""];
    const start = input.ExclusiveStartKey;
    const id = (item: Item): string => this.#id(input.TableName, item);
    const after = start === undefined ? undefined : id(start);
    const found = this.items(input.TableName ?? "")
      .filter((item) => keys.every((key) => key === undefined || item[key] !== undefined))
      .map((item) => ({ item, at: id(item) }))
      .filter(({ at }) => after === undefined || at > after)
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ item }) => item);
    return this.#page(input, found, keys);
  }

  #page(input: QueryCommand["input"] | ScanCommand["input"], found: readonly Item[], keys: Keys): unknown {
    const size = Math.min(input.Limit ?? Number.POSITIVE_INFINITY, this.#nextPage());
    const page = found.slice(0, size);
    const last = page.at(-1);
    const Items = page
      .filter((item) => holds(input.FilterExpression, bindingsOf(input), item))
      .map((item) => projected(item, input));
    // A full page has a key to continue after even where nothing follows.
    if (!last || page.length < size) return { Items };
    const names = [...(this.#schema[input.TableName ?? ""]?.keys ?? []), ...keys].flatMap((key) => key ?? []);
    return { Items, LastEvaluatedKey: Object.fromEntries(names.map((name) => [name, last[name]])) };
  }
}
