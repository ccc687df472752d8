import { matches } from "./matches.ts";
import type { Statement } from "./statements.ts";

const names = (statement: Statement, action: string, resource: string): boolean => {
  const { Action, NotAction, Resource, NotResource } = statement;
  // Names of actions have no case, those of resources have.
  const asked = action.toLowerCase();
  const isAction = Action
    ? Action.some((one) => matches(one.toLowerCase(), asked))
    : !(NotAction ?? []).some((one) => matches(one.toLowerCase(), asked));
  return (
    isAction &&
    (Resource
      ? Resource.some((one) => matches(one, resource))
      : !(NotResource ?? []).some((one) => matches(one, resource)))
  );
};

/**
 * Whether the policies of an identity let it do `action` on `resource`, by the rules of IAM: what no statement allows is
 * denied, and a deny beats every allow. It errs on the side of "allowed": an allow counts whatever its conditions say, a deny
 * only if it has none.
 */
export const isAllowed = (statements: readonly Statement[], action: string, resource: string): boolean => {
  const about = statements.filter((statement) => names(statement, action, resource));
  const isDenied = about.some(({ Effect, Condition }) => Effect === "Deny" && Object.keys(Condition).length === 0);
  return !isDenied && about.some(({ Effect }) => Effect === "Allow");
};
