import * as z from "zod";
import { type Statement, statementsOf } from "../../helpers/iam/statements.ts";
import { buildStage, type StageApp, templatesByStack } from "../stage/synth-stage.ts";
import { type NamedResource, ResolvedStage } from "./resolve-names.ts";

/** A role, what it may do and who may take it on. */
export interface StageRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
}

/** A function with its role and what names things for it. */
export interface StageFunction {
  readonly name: string;
  readonly resource: NamedResource;
  readonly role: StageRole;
  /** All that is set for it, as JSON: its environment, its log, its event sources and where what fails goes. */
  readonly configuration: string;
}

/** A policy on a resource, or a permission to call a function: who else may do what with it. */
export interface ResourcePolicy {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Types that give rights or carry policies, all of which are read here; a new one must not pass unseen. */
const READ_TYPES = new Set([
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::Permission",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
]);
const GIVES_RIGHTS = /^AWS::IAM::|Policy$|Policies$|Permission$/;

const PolicySchema = z.object({ PolicyDocument: z.unknown(), Roles: z.array(z.string()) });
const RoleSchema = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(z.object({ PolicyDocument: z.unknown() })).default([]),
});
const PermissionSchema = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});
const KeySchema = z.object({ KeyPolicy: z.unknown() });

/** All rights of a stage, read from its templates alone. */
export class StageRights {
  readonly stage: ResolvedStage;
  readonly roles: readonly StageRole[];
  readonly functions: readonly StageFunction[];
  readonly resourcePolicies: readonly ResourcePolicy[];

  constructor(app: StageApp) {
    this.stage = new ResolvedStage(templatesByStack(app));
    const unread = [...this.stage.types].filter((type) => GIVES_RIGHTS.test(type) && !READ_TYPES.has(type));
    if (unread.length > 0) throw new Error(`teach ${import.meta.filename} to read ${unread.join(", ")}`);
    this.roles = this.#readRoles();
    this.functions = this.#readFunctions();
    this.resourcePolicies = this.#readResourcePolicies();
  }

  #readRoles(): StageRole[] {
    const policies = this.stage
      .propertiesOf("AWS::IAM::Policy")
      .map(({ properties }) => PolicySchema.parse(properties));
    return this.stage.all("AWS::IAM::Role").map((role) => {
      const { AssumeRolePolicyDocument, Policies } = RoleSchema.parse(this.stage.resolve(role.stack, role.properties));
      const attached = policies.filter(({ Roles }) => Roles.includes(role.ref));
      return {
        ...{ name: role.name, arn: role.arn },
        trust: statementsOf(AssumeRolePolicyDocument),
        statements: [...attached, ...Policies].flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)),
      };
    });
  }

  #readFunctions(): StageFunction[] {
    // What calls it, and where Lambda puts what it gives up: by the function's role too.
    const callers = ["AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"].flatMap((type) =>
      this.stage.propertiesOf(type),
    );
    return this.stage.all("AWS::Lambda::Function").map((resource) => {
      const properties = z
        .looseObject({ Role: z.string(), Environment: z.unknown(), LoggingConfig: z.unknown() })
        .parse(this.stage.resolve(resource.stack, resource.properties));
      const role = this.roles.find(({ arn }) => arn === properties.Role);
      if (role === undefined) throw new Error(`${resource.name} has a role that no template has`);
      const own = callers.filter(({ properties: { FunctionName } }) => FunctionName === resource.ref);
      const configuration = JSON.stringify([properties.Environment, properties.LoggingConfig, own]);
      return { name: resource.name.replace(/-function$/, ""), resource, role, configuration };
    });
  }

  #readResourcePolicies(): ResourcePolicy[] {
    const documents = ["AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"].flatMap((type) =>
      this.stage.propertiesOf(type).map(({ logicalId, properties }) => ({
        name: logicalId,
        statements: statementsOf(properties.PolicyDocument),
      })),
    );
    const keys = this.stage.propertiesOf("AWS::KMS::Key").map(({ logicalId, properties }) => ({
      name: logicalId,
      statements: statementsOf(KeySchema.parse(properties).KeyPolicy),
    }));
    const permissions = this.stage.propertiesOf("AWS::Lambda::Permission").map(({ logicalId, properties }) => {
      const { Action, FunctionName, Principal, SourceArn, SourceAccount } = PermissionSchema.parse(properties);
      const Condition = {
        ...(SourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": SourceArn } }),
        ...(SourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": SourceAccount } }),
      };
      const statement = {
        Effect: "Allow",
        Action,
        Resource: FunctionName,
        Principal: { Service: Principal },
        Condition,
      };
      return { name: logicalId, statements: statementsOf({ Statement: [statement] }) };
    });
    return [...documents, ...keys, ...permissions];
  }
}

let full: StageRights | undefined;

/** The rights of a stage with every optional part switched on, read once for all files of a process. */
export const fullStage = (): StageRights => {
  full ??= new StageRights(buildStage("prod", { settings: { downstream_events: true } }));
  return full;
};
