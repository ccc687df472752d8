import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import { vi } from "vitest";
import type { ProductFields } from "../../../../lambdas/common/core/products/product.ts";
import { SourceError } from "../../../../lambdas/common/core/sources/source-error.ts";
import { MemoryDynamo } from "../../../helpers/memory/memory-dynamo.ts";

/*
 * What CloudWatch keeps for months must hold nothing that has to be gone after a day. Here every text and price of a product
 * carries a mark, upstreams and tables quote them in their errors, and nothing that is printed may have one.
 */

/** In every text of a product. */
export const MARK = "zqxmarked";
/** Every price of a product; no other number of the tests has these digits. */
export const MARKED_PRICE = "73519.46";
/** A price within a longer number is none: a time in milliseconds may have any digits. */
const MARKS = [new RegExp(MARK), /(?<![\d.])73519(?!\d)/, /(?<![\d.])7351946(?!\d)/];

const METHODS = ["log", "info", "warn", "error", "debug"] as const;

/** All that is printed while `work` runs, what it throws included as the runtime of Lambda prints it. */
export const printedBy = async (work: () => Promise<unknown>): Promise<string[]> => {
  const lines: string[] = [];
  const spies = METHODS.map((method) =>
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(" "))),
  );
  try {
    await work();
  } catch (error) {
    lines.push(runtimeLine(error));
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return lines;
};

/** @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client (errors.js): name, message, stack and own properties */
const runtimeLine = (error: unknown): string => {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const { name, message, stack } = error;
  return JSON.stringify({ errorType: name, errorMessage: message, stack, ...error });
};

/** Lines that hold a mark. */
export const marked = (lines: readonly string[]): string[] =>
  lines.filter((line) => MARKS.some((mark) => mark.test(line)));

const odd = fc.constantFrom("", "\u0000", "\ud800", "{", '"}', "\n", "<b>", "🛋️", "\\", "%s", "=1+1", "'");
/** A text of a product, whatever it is made of. */
export const markedText = fc.tuple(odd, fc.string({ maxLength: 8 }), odd).map(([a, b, c]) => `${a}${MARK}${b}${c}`);

/** Fields of a product, each marked. */
export const markedFields = (text: string): Partial<ProductFields> => ({
  title: text,
  brand: text,
  description: text,
  features: [text],
  specifications: [{ name: text, value: text }],
  current_price: MARKED_PRICE,
  currency: "USD",
  availability_type: "in_stock",
  availability_message: text,
  image_url: `https://images.example/${MARK}.jpg`,
  detail_page_url: `https://www.amazon.com/dp/B000000001?title=${MARK}`,
  star_rating: 4.5,
});

/** What a write or a read of a table meets. */
export const FAULTS = ["none", "quoting", "unreadable", "condition", "serialization", "throttled", "parsing"] as const;
export type Fault = (typeof FAULTS)[number];

const serviceError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode: 400 } });

const faultOf = (fault: Fault): Error | undefined => {
  switch (fault) {
    case "none":
      return undefined;
    case "quoting":
      return serviceError("ValidationException", `The parameter cannot be converted to a numeric value: ${MARK}`);
    case "unreadable":
      return serviceError(
        "ValidationException",
        `1 validation error detected: Value '${MARKED_PRICE}' at 'price' failed`,
      );
    case "condition":
      return new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        Item: marshall({ title: MARK, current_price: MARKED_PRICE }),
      });
    case "serialization":
      return serviceError("SerializationException", `Unexpected value "${MARK}"`);
    case "throttled":
      return serviceError("ThrottlingException", `Rate exceeded: "${MARK}"`);
    case "parsing":
      return new SyntaxError(`Unexpected token 'z', "${MARK}" is not valid JSON`);
  }
};

/** Which commands to tables meet a fault, one after the other; after the last one none does. */
export const faultPlan = fc.array(fc.constantFrom(...FAULTS), { maxLength: 25 });

let faults: readonly Fault[] = [];
let commands = 0;

/** From now on commands to tables in memory meet these faults. */
export const plan = (next: readonly Fault[]): void => {
  faults = next;
  commands = 0;
};

/** Lets all tables in memory of a file of tests meet the faults that are planned. */
export const trapTables = (): void => {
  // biome-ignore lint/complexity/useLiteralKeys: the method is taken from the prototype to be called on each instance.
  const original = MemoryDynamo.prototype["client"];
  vi.spyOn(MemoryDynamo.prototype, "client").mockImplementation(function (this: MemoryDynamo, ...given) {
    const client = original.apply(this, given);
    const send = async (command: never): Promise<unknown> => {
      const fault = faultOf(faults[commands] ?? "none");
      commands += 1;
      if (fault) throw fault;
      return client.send(command);
    };
    return { send } as unknown as DynamoDBDocumentClient;
  });
};

/** What an upstream says when a call fails as a whole, with a product's words in it. */
export const markedRefusal = (failureClass: SourceError["failureClass"]): SourceError =>
  new SourceError("creators-api", {
    code: "InternalFailure",
    status: 500,
    failureClass,
    message: `the item "${MARK}" for ${MARKED_PRICE} cannot be shown`,
  });
