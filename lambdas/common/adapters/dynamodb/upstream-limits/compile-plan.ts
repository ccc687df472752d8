import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Condition, LimitValue, UpdatePlan } from "../../../core/limiter/plan/plan.ts";

const OPERATORS = { equals: "=", lt: "<", le: "<=", gt: ">", ge: ">=" } as const;

/**
 * The one UpdateItem that carries out a plan. A refused condition answers with the item (ALL_OLD), so that it costs
 * no read; an applied one answers with the item before, from which the slot follows.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export const compilePlan = (tableName: string, limitKey: string, plan: UpdatePlan): UpdateCommandInput => {
  const names: Record<string, string> = {};
  const values: Record<string, LimitValue> = {};
  const name = (attribute: string): string => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const value = (stored: LimitValue): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = stored;
    return placeholder;
  };
  const condition = (wanted: Condition): string =>
    wanted.kind === "not-exists"
      ? `attribute_not_exists(${name(wanted.attribute)})`
      : `${name(wanted.attribute)} ${OPERATORS[wanted.kind]} ${value(wanted.value)}`;
  const expected = plan.expect.map(condition).join(" AND ");
  const set = Object.entries(plan.set).map(([attribute, stored]) => `${name(attribute)} = ${value(stored)}`);
  const add = Object.entries(plan.add).map(([attribute, amount]) => `${name(attribute)} ${value(amount)}`);
  const clauses = [
    ["SET", set],
    ["ADD", add],
    ["REMOVE", plan.remove.map(name)],
  ] as const;
  return {
    TableName: tableName,
    Key: { limit_key: limitKey },
    ConditionExpression: expected,
    UpdateExpression: clauses
      .filter(([, parts]) => parts.length > 0)
      .map(([verb, parts]) => `${verb} ${parts.join(", ")}`)
      .join(" "),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    ReturnValues: "ALL_OLD",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
};
