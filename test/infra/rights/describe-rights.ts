import type { Target } from "./targets.ts";

/** A role and what it may do. */
export interface DescribedRole {
  readonly name: string;
  readonly allowed: readonly { readonly target: Target; readonly action: string }[];
}

const INTRODUCTION = `# Rights

What each role of a stage may do, with every optional part of the stage switched on. What is not listed is denied. The list is
written by a test from the templates: it evaluates every action that it knows on every resource of the stage, and fails when a
right appears or goes. After a change that is meant, \`npm run test:infra -- test/infra/rights -u\` writes it anew; read the
difference before you commit it.

Roles of schedules and of the pipe may do one thing each. Functions may write their own log besides. Who else may do what with a
queue, a topic, the bucket or a function stands in their policies: [SECURITY.md](../../SECURITY.md) says by which rules.
`;

const actionsByTarget = (allowed: DescribedRole["allowed"]): Map<string, string[]> => {
  const rows = new Map<string, string[]>();
  for (const { target, action } of allowed) {
    rows.set(target.label, [...(rows.get(target.label) ?? []), action.replace(/^.*:/, "")]);
  }
  return rows;
};

/** The document of all rights: a list for each role, one line for each resource, so that a difference shows what changed. */
export const describeRights = (roles: readonly DescribedRole[]): string => {
  const sections = roles
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map(({ name, allowed }) => {
      const own = `log of ${name.replace(/-role$/, "")}`;
      const rows = [...actionsByTarget(allowed)]
        .filter(([label]) => label !== own)
        .map(([label, actions]) => `- ${label}: ${actions.join(", ")}`);
      return [`## ${name.replace(/-role$/, "")}`, "", ...rows, ""].join("\n");
    });
  return [INTRODUCTION, ...sections].join("\n");
};
