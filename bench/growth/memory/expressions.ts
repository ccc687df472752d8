/** An item as plain data. */
export type Item = Readonly<Record<string, unknown>>;

/** Names and values that an expression refers to. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
}

type Evaluate<Result> = (item: Item, bindings: Bindings) => Result;
type Change = (before: Item, after: Record<string, unknown>, bindings: Bindings) => void;

const TOKEN = /\s*(<>|<=|>=|[=<>(),+-]|[#:\w.]+)/y;

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);

const get = (item: Item, path: readonly string[], { names }: Bindings): unknown => {
  let value: unknown = item;
  for (const part of path) {
    if (!isItem(value)) return undefined;
    value = value[part.startsWith("#") ? (names[part] ?? "") : part];
  }
  return value ?? (value === null ? null : undefined);
};

const put = (after: Record<string, unknown>, path: readonly string[], { names }: Bindings, value: unknown): void => {
  let target = after;
  path.forEach((part, depth) => {
    const name = part.startsWith("#") ? (names[part] ?? "") : part;
    if (depth === path.length - 1) {
      if (value === undefined) delete target[name];
      else target[name] = value;
      return;
    }
    const next = target[name];
    if (!isItem(next)) throw new Error(`the path ${path.join(".")} does not exist`);
    const copy = { ...next };
    target[name] = copy;
    target = copy;
  });
};

const compare = (operator: string, left: unknown, right: unknown): boolean => {
  if (operator === "=") return left === right;
  if (operator === "<>") return left !== right;
  // What is not there compares as false, whatever it is compared with.
  if (typeof left !== typeof right || (typeof left !== "string" && typeof left !== "number")) return false;
  const other = right as typeof left;
  if (operator === "<") return left < other;
  if (operator === "<=") return left <= other;
  return operator === ">" ? left > other : left >= other;
};

/** Reads the part of DynamoDB's expressions that the product uses, once per text. */
class Reader {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    const length = text.trimEnd().length;
    while (TOKEN.lastIndex < length) {
      const match = TOKEN.exec(text);
      if (!match?.[1]) throw new Error(`cannot read the expression: ${text}`);
      this.#tokens.push(match[1]);
    }
  }

  get next(): string | undefined {
    return this.#tokens[this.#at];
  }

  take(expected?: string): string {
    const token = this.next;
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`expected ${expected ?? "more"} in ${this.#tokens.join(" ")}`);
    this.#at += 1;
    return token;
  }

  #inBrackets<Result>(read: () => Result): Result {
    this.take("(");
    const result = read();
    this.take(")");
    return result;
  }

  path(): string[] {
    return this.take().split(".");
  }

  operand(): Evaluate<unknown> {
    const token = this.next ?? "";
    if (token.startsWith(":")) {
      this.take();
      return (_, { values }) => values[token];
    }
    if (token === "if_not_exists") {
      this.take();
      return this.#inBrackets(() => {
        const path = this.path();
        this.take(",");
        const otherwise = this.operand();
        return (item, bindings) => get(item, path, bindings) ?? otherwise(item, bindings);
      });
    }
    const path = this.path();
    return (item, bindings) => get(item, path, bindings);
  }

  condition(): Evaluate<boolean> {
    let all = this.#both();
    while (this.next === "OR") {
      this.take();
      const left = all;
      const right = this.#both();
      all = (item, bindings) => left(item, bindings) || right(item, bindings);
    }
    return all;
  }

  #both(): Evaluate<boolean> {
    let all = this.#one();
    while (this.next === "AND") {
      this.take();
      const left = all;
      const right = this.#one();
      all = (item, bindings) => left(item, bindings) && right(item, bindings);
    }
    return all;
  }

  #one(): Evaluate<boolean> {
    const token = this.next;
    if (token === "(") return this.#inBrackets(() => this.condition());
    if (token === "attribute_exists" || token === "attribute_not_exists") {
      this.take();
      const path = this.#inBrackets(() => this.path());
      const wanted = token === "attribute_exists";
      return (item, bindings) => (get(item, path, bindings) !== undefined) === wanted;
    }
    if (token === "begins_with") {
      this.take();
      return this.#inBrackets(() => {
        const text = this.operand();
        this.take(",");
        const prefix = this.operand();
        return (item, bindings) => String(text(item, bindings) ?? "").startsWith(String(prefix(item, bindings)));
      });
    }
    return this.#comparison();
  }

  #comparison(): Evaluate<boolean> {
    const left = this.operand();
    const operator = this.take();
    if (operator === "BETWEEN") {
      const from = this.operand();
      this.take("AND");
      const to = this.operand();
      return (item, bindings) => {
        const value = left(item, bindings);
        return compare(">=", value, from(item, bindings)) && compare("<=", value, to(item, bindings));
      };
    }
    if (operator === "IN") {
      const candidates = this.#inBrackets(() => {
        const found = [this.operand()];
        while (this.next === ",") {
          this.take();
          found.push(this.operand());
        }
        return found;
      });
      return (item, bindings) => candidates.some((one) => one(item, bindings) === left(item, bindings));
    }
    const right = this.operand();
    return (item, bindings) => compare(operator, left(item, bindings), right(item, bindings));
  }

  changes(): Change[] {
    const changes: Change[] = [];
    let clause = "";
    while (this.next !== undefined) {
      if (this.next === ",") this.take();
      else if (["SET", "ADD", "REMOVE"].includes(this.next)) clause = this.take();
      changes.push(this.#change(clause));
    }
    return changes;
  }

  #change(clause: string): Change {
    const path = this.path();
    if (clause === "REMOVE") return (_, after, bindings) => put(after, path, bindings, undefined);
    if (clause === "ADD") {
      const by = this.operand();
      return (before, after, bindings) =>
        put(after, path, bindings, Number(get(before, path, bindings) ?? 0) + Number(by(before, bindings)));
    }
    this.take("=");
    let value = this.operand();
    if (this.next === "+") {
      this.take();
      const first = value;
      const second = this.operand();
      value = (item, bindings) => Number(first(item, bindings)) + Number(second(item, bindings));
    }
    return (before, after, bindings) => put(after, path, bindings, value(before, bindings));
  }
}

const conditions = new Map<string, Evaluate<boolean>>();
const updates = new Map<string, readonly Change[]>();

const kept = <Value>(known: Map<string, Value>, text: string, read: (reader: Reader) => Value): Value => {
  const found = known.get(text);
  if (found !== undefined) return found;
  const reader = new Reader(text);
  const value = read(reader);
  if (reader.next !== undefined) throw new Error(`cannot read the end of: ${text}`);
  known.set(text, value);
  return value;
};

/** Says whether a condition holds for an item; a missing item is empty. */
export const holds = (text: string | undefined, item: Item, bindings: Bindings): boolean =>
  text === undefined || kept(conditions, text, (reader) => reader.condition())(item, bindings);

/** The item after an update expression; the one before stays as it is. */
export const updated = (text: string, before: Item, bindings: Bindings): Item => {
  const after = { ...before };
  for (const change of kept(updates, text, (reader) => reader.changes())) change(before, after, bindings);
  return after;
};
