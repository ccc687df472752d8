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

/** Ways to send a list's request to the emulator. */
export interface ListReader<Answer extends PassedAnswer> {
  /** As it came. */
  readonly unchanged: () => Promise<Answer>;
  /** With another body, as the caller who made it: rights are judged. */
  readonly asCaller: (body: Buffer) => Promise<Answer>;
  /** With another body, as the account itself: only to learn sizes. The caller never sees the answer. */
  readonly asAccount: (body: Buffer) => Promise<Answer>;
}

/** A page, whether it was ended early, and else the emulator's refusal of what was asked to find its end. */
export interface Page<Answer extends PassedAnswer> {
  readonly answer: Answer;
  readonly endsEarly: boolean;
  readonly refusal?: Answer;
}

/**
 * Reads a page that ends as DynamoDB ends it, but earlier: after `pageBytes` of the items that it reads, whole ones, before
 * it filters and projects them. The emulator is given a limit, so that counts and keys to continue after are its own.
 */
export const readPage = async <Answer extends PassedAnswer>(
  body: Buffer,
  pageBytes: number,
  { unchanged, asCaller, asAccount }: ListReader<Answer>,
): Promise<Page<Answer>> => {
  const request = RequestSchema.parse(jsonOf(body));
  const whole = unfiltered(request);
  const wanted = request.Limit ?? Number.POSITIVE_INFINITY;
  // What the emulator refuses, it refuses in its own words.
  const despite = async (refusal: Answer): Promise<Page<Answer>> => ({
    answer: await unchanged(),
    endsEarly: false,
    refusal,
  });
  for (let read = FIRST_READ_ITEMS; ; read *= 2) {
    const Limit = Math.min(read, wanted);
    const seen = await (whole ? asAccount(bytesOf({ ...whole, Limit })) : asCaller(bytesOf({ ...request, Limit })));
    if (seen.status !== 200) return despite(seen);
    const { Items, LastEvaluatedKey } = PageSchema.parse(jsonOf(seen.body));
    const fit = fitting(Items, pageBytes);
    if (fit < Items.length) {
      const answer = await asCaller(bytesOf({ ...request, Limit: fit }));
      return answer.status === 200 ? { answer, endsEarly: true } : despite(answer);
    }
    if (LastEvaluatedKey === undefined || Items.length < read) {
      return { answer: whole ? await unchanged() : seen, endsEarly: false };
    }
  }
};
