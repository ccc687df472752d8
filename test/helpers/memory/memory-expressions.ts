/** An item of a table as plain data. */
export type Item = Record<string, unknown>;

/** Names and values that an expression refers to. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

const TOKEN = /\s*(<>|<=|>=|[=<>(),+-]|[#:\w.]+)/y;

const read = (expression: string): readonly string[] => {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const match = TOKEN.exec(expression);
    if (!match?.[1]) throw new Error(`cannot read the expression: ${expression}`);
    found.push(match[1]);
  }
  return found;
};

/** The same few texts are asked for again and again, for every item of a table. */
const known = new Map<string, readonly string[]>();
const tokens = (expression: string): readonly string[] => {
  const before = known.get(expression);
  if (before) return before;
  const found = read(expression);
  known.set(expression, found);
  return found;
};

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads and evaluates the subset of DynamoDB's expressions that the product uses. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #bindings: Bindings;
  readonly #item: Item;
  #at = 0;

  constructor(expression: string, bindings: Bindings, item: Item) {
    this.#tokens = tokens(expression);
    this.#bindings = bindings;
    this.#item = item;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  take(expected?: string): string {
    const token = this.#tokens[this.#at];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`expected ${expected ?? "more"} in ${this.#tokens.join(" ")}`);
    }
    this.#at += 1;
    return token;
  }

  path(): string[] {
    return this.take()
      .split(".")
      .map((part) => {
        if (!part.startsWith("#")) return part;
        const name = this.#bindings.names[part];
        if (name === undefined) throw new Error(`no name is bound to ${part}`);
        return name;
      });
  }

  get(path: readonly string[]): unknown {
    return path.reduce<unknown>((value, part) => (isItem(value) ? value[part] : undefined), this.#item);
  }

  operand(): unknown {
    const token = this.peek();
    if (token?.startsWith(":")) {
      this.take();
      if (!(token in this.#bindings.values)) throw new Error(`no value is bound to ${token}`);
      return this.#bindings.values[token];
    }
    if (token === "if_not_exists") {
      this.take();
      this.take("(");
      const known = this.get(this.path());
      this.take(",");
      const otherwise = this.operand();
      this.take(")");
      return known ?? otherwise;
    }
    return this.get(this.path());
  }

  either(): boolean {
    let result = this.both();
    while (this.peek() === "OR") {
      this.take();
      const next = this.both();
      result = result || next;
    }
    return result;
  }

  both(): boolean {
    let result = this.one();
    while (this.peek() === "AND") {
      this.take();
      const next = this.one();
      result = result && next;
    }
    return result;
  }

  one(): boolean {
    const token = this.peek();
    if (token === "(") {
      this.take();
      const inner = this.either();
      this.take(")");
      return inner;
    }
    if (token === "attribute_exists" || token === "attribute_not_exists") {
      this.take();
      this.take("(");
      const exists = this.get(this.path()) !== undefined;
      this.take(")");
      return exists === (token === "attribute_exists");
    }
    if (token === "begins_with") {
      this.take();
      this.take("(");
      const text = this.operand();
      this.take(",");
      const prefix = this.operand();
      this.take(")");
      return typeof text === "string" && text.startsWith(String(prefix));
    }
    return this.comparison();
  }

  comparison(): boolean {
    const left = this.operand();
    const operator = this.take();
    if (operator === "IN") {
      this.take("(");
      let found = false;
      do {
        const candidate = this.operand();
        found = found || candidate === left;
      } while (this.take() === ",");
      return found;
    }
    if (operator === "BETWEEN") {
      const low = this.operand();
      this.take("AND");
      const high = this.operand();
      return String(left) >= String(low) && String(left) <= String(high);
    }
    const right = this.operand();
    if (operator === "=") return left === right;
    if (operator === "<>") return left !== right;
    // What is not there compares as false, whatever it is compared with.
    if (left === undefined || right === undefined || left === null || right === null) return false;
    if (operator === "<") return left < right;
    if (operator === "<=") return left <= right;
    if (operator === ">") return left > right;
    return left >= right;
  }
}

/** Says whether a condition holds for an item; a missing item is empty. */
export const holds = (expression: string | undefined, bindings: Bindings, item: Item): boolean => {
  if (expression === undefined) return true;
  const reader = new Reader(expression, bindings, item);
  const result = reader.either();
  if (!reader.done) throw new Error(`cannot read the end of the condition: ${expression}`);
  return result;
};

const put = (item: Item, path: readonly string[], value: unknown): void => {
  const last = path.at(-1) ?? "";
  let target = item;
  for (const part of path.slice(0, -1)) {
    const next = target[part];
    if (!isItem(next)) throw new Error(`the path ${path.join(".")} does not exist`);
    target = next;
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
};

const isSet = (value: unknown): value is Set<unknown> => value instanceof Set;

/** What ADD makes of a number, or of a set. */
const sum = (before: unknown, added: unknown): unknown =>
  isSet(added) ? new Set([...(isSet(before) ? before : []), ...added]) : Number(before ?? 0) + Number(added);

/** What DELETE makes of a set; no table keeps an empty one. */
const difference = (before: unknown, removed: unknown): unknown => {
  const left = new Set(isSet(before) ? [...before].filter((one) => !isSet(removed) || !removed.has(one)) : []);
  return left.size === 0 ? undefined : left;
};

/** The item after an update expression. */
export const updated = (expression: string, bindings: Bindings, before: Item): Item => {
  const after = structuredClone(before);
  const reader = new Reader(expression, bindings, before);
  let clause = "";
  while (!reader.done) {
    if (reader.peek() === ",") reader.take();
    else if (["SET", "ADD", "REMOVE", "DELETE"].includes(reader.peek() ?? "")) clause = reader.take();
    const path = reader.path();
    if (clause === "REMOVE") put(after, path, undefined);
    else if (clause === "ADD") put(after, path, sum(reader.get(path), reader.operand()));
    else if (clause === "DELETE") put(after, path, difference(reader.get(path), reader.operand()));
    else {
      reader.take("=");
      let value = reader.operand();
      if (reader.peek() === "+") {
        reader.take();
        value = Number(value) + Number(reader.operand());
      }
      put(after, path, value);
    }
  }
  return after;
};
