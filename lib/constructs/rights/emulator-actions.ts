import type { IAspect, IResolvable, IResolveContext } from "aws-cdk-lib";
import { CfnPolicy } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";
import * as z from "zod";

/** What the emulator asks for by the name of the call, by the action that covers the call on AWS, where it has no such action. */
const EMULATOR_ACTIONS: Readonly<Record<string, string>> = {
  "sqs:SendMessage": "sqs:SendMessageBatch",
  "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
  "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
};

const ActionSchema = z.union([z.string(), z.array(z.string())]);
const PolicySchema = z.looseObject({ Statement: z.array(z.looseObject({ Action: ActionSchema })) });

const withEmulatorActions = (actions: z.infer<typeof ActionSchema>): string | string[] => {
  const own = [actions].flat();
  const added = own.flatMap((action) => EMULATOR_ACTIONS[action] ?? []);
  return added.length === 0 ? actions : [...own, ...added];
};

/** A policy document that names the emulator's own actions besides. It is resolved late, so that references between stacks stay. */
class EmulatedDocument implements IResolvable {
  readonly creationStack: string[] = [];
  readonly #document: unknown;

  constructor(document: unknown) {
    this.#document = document;
  }

  resolve(context: IResolveContext): unknown {
    const { Statement, ...rest } = PolicySchema.parse(context.resolve(this.#document));
    return {
      ...rest,
      Statement: Statement.map((statement) => ({ ...statement, Action: withEmulatorActions(statement.Action) })),
    };
  }

  toString(): string {
    return "policy document with the emulator's actions";
  }
}

/**
 * Lets every role of a stage that is deployed to the emulator do there what it may do on AWS: beside an action, on the same
 * resources, stands the name that the emulator asks for. Nothing else of a template changes.
 *
 * @example
 * Aspects.of(app).add(new EmulatorActions());
 */
export class EmulatorActions implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof CfnPolicy) node.policyDocument = new EmulatedDocument(node.policyDocument);
  }
}
