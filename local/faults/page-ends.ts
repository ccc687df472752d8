import * as z from "zod";
import { type AwsCall, bytesOf, jsonOf } from "./aws-call.ts";
import { itemSize } from "./item-size.ts";

/** Where DynamoDB, and the emulator, ends the page of a Query or Scan. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
export const AWS_PAGE_BYTES = 1024 * 1024;

const RequestSchema = z.looseObject({
  KeyConditionExpression: z.string().optional(),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  Select: z.string().optional(),
  Limit: z.number().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: z.record(z.string(), z.unknown()).optional(),
});
type Request = z.infer<typeof RequestSchema>;
const PageSchema = z.looseObject({
  Items: z.array(z.unknown()).default([]),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
});

/** Items that are read first to find where a page ends; twice as many each time that all of them fit. */
const FIRST_READ_ITEMS = 32;

/** Whether a call reads a list. */
export const readsList = ({ service, operation }: Pick<AwsCall, "service" | "operation">): boolean =>
  service === "dynamodb" && (operation === "Query" || operation === "Scan");

const usedIn = <Value>(
  expression: string,
  bindings: Readonly<Record<string, Value>> | undefined,
): Record<string, Value> | undefined => {
  const used = Object.entries(bindings ?? {}).filter(([name]) => new RegExp(`${name}(?!\\w)`).test(expression));
  return used.length === 0 ? undefined : Object.fromEntries(used);
};

/** The same list with all of each item; undefined when that is what is asked for. Limits count items before the filter. */
const unfiltered = (request: Request): Request | undefined => {
  const { FilterExpression, ProjectionExpression, Select, ...rest } = request;
  if (FilterExpression === undefined && ProjectionExpression === undefined && Select === undefined) return undefined;
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...bare } = rest;
  const condition = rest.KeyConditionExpression ?? "";
  const usedNames = usedIn(condition, names);
  const usedValues = usedIn(condition, values);
  return {
    ...bare,
    ...(usedNames ? { ExpressionAttributeNames: usedNames } : {}),
    ...(usedValues ? { ExpressionAttributeValues: usedValues } : {}),
  };
};

/** Items that fit a page; at least one, as every page gets on. */
const fitting = (items: readonly unknown[], pageBytes: number): number => {
  let size = 0;
  const over = items.findIndex((item) => {
    size += itemSize(item);
    return size > pageBytes;
  });
  return over < 0 ? items.length : Math.max(1, over);
};

/** An answer of the emulator. */
export interface PassedAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Reads a page that ends as DynamoDB ends it, but earlier: after `pageBytes` of the items that it reads, whole ones, before
 * it filters and projects them. The emulator is given a limit, so that the rest is its own.
 * @param pass sends a body to the emulator
 */
export const readPage = async <Answer extends PassedAnswer>(
  body: Buffer,
  pageBytes: number,
  pass: (body: Buffer) => Promise<Answer>,
): Promise<Answer> => {
  const request = RequestSchema.parse(jsonOf(body));
  const whole = unfiltered(request);
  const wanted = request.Limit ?? Number.POSITIVE_INFINITY;
  for (let read = FIRST_READ_ITEMS; ; read *= 2) {
    const seen = await pass(bytesOf({ ...(whole ?? request), Limit: Math.min(read, wanted) }));
    // What the emulator refuses, it refuses in its own words.
    if (seen.status !== 200) return pass(body);
    const { Items, LastEvaluatedKey } = PageSchema.parse(jsonOf(seen.body));
    const fit = fitting(Items, pageBytes);
    if (fit < Items.length) return pass(bytesOf({ ...request, Limit: fit }));
    if (LastEvaluatedKey === undefined || Items.length < read) return whole ? pass(body) : seen;
  }
};
