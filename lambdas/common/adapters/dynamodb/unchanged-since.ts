/**
 * Condition of a write that replaces a row with a `version`: it holds if the row is as it was read.
 * @param version of the row as it was read; 0: there was none
 */
export const unchangedSince = (version: number) =>
  version === 0
    ? { ConditionExpression: "attribute_not_exists(version)" }
    : { ConditionExpression: "version = :seen", ExpressionAttributeValues: { ":seen": version } };
