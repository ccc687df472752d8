import { type App, Aspects, type CfnResource, Stack } from "aws-cdk-lib";
import {
  AwsSolutionsChecks,
  type INagLogger,
  type NagLoggerNonComplianceData,
  NIST80053R5Checks,
  ServerlessChecks,
} from "cdk-nag";
import type { IConstruct } from "constructs";
import { ACCEPTED_FINDING, type AcceptedFinding } from "../../../lib/constructs/findings/accept-finding.ts";

/** Something that a rule says about a resource. */
export interface Finding {
  readonly rule: string;
  /** Which of several findings of the rule it is; empty where a rule has one. */
  readonly of: string;
  readonly resource: CfnResource;
}

/** A reason as it stands beside a construct. */
export interface Accepted {
  readonly finding: AcceptedFinding;
  readonly at: IConstruct;
}

/** Collects what rules say. Nothing is written to the template or the output. */
class Findings implements INagLogger {
  readonly found: Finding[] = [];
  /** Rules that could not be checked. */
  readonly unchecked: string[] = [];

  onNonCompliance({ ruleId, findingId, resource }: NagLoggerNonComplianceData): void {
    this.found.push({ rule: ruleId, of: findingId, resource });
  }

  onError({ ruleId, resource, errorMessage }: Parameters<INagLogger["onError"]>[0]): void {
    this.unchecked.push(`${ruleId} ${resource.node.path}: ${errorMessage}`);
  }

  onCompliance(): void {}
  onSuppressed(): void {}
  onSuppressedError(): void {}
  onNotApplicable(): void {}
}

/** The rules are all kept, whatever the template says: what is accepted is matched here, so that reasons can be counted. */
class Solutions extends AwsSolutionsChecks {
  constructor(findings: Findings) {
    super({ reports: false });
    this.loggers = [findings];
  }
}
class Serverless extends ServerlessChecks {
  constructor(findings: Findings) {
    super({ reports: false });
    this.loggers = [findings];
  }
}
class Nist extends NIST80053R5Checks {
  constructor(findings: Findings) {
    super({ reports: false });
    this.loggers = [findings];
  }
}

/** All reasons of an app, with where they stand. */
export const acceptedIn = (app: App): Accepted[] =>
  app.node
    .findAll()
    .flatMap((at) =>
      at.node.metadata
        .filter(({ type }) => type === ACCEPTED_FINDING)
        .map(({ data }) => ({ at, finding: data as AcceptedFinding })),
    );

/** Synthesizes an app and runs every pack over it. */
export const runPacks = (app: App): Findings => {
  const findings = new Findings();
  for (const pack of [new Solutions(findings), new Serverless(findings), new Nist(findings)]) Aspects.of(app).add(pack);
  app.synth();
  return findings;
};

/** Whether a reason is about a finding: of its rule, and on the construct that it stands beside or on a part of it. */
export const isAbout = ({ finding, at }: Accepted, { rule, of, resource }: Finding): boolean =>
  finding.rules.includes(rule) && (finding.only?.test(of) ?? true) && resource.node.scopes.includes(at);

/** Where a reason stands, without the stage: what is the same in every stage has one name. */
export const placeOf = ({ finding, at }: Accepted): string => {
  if (finding.kind !== undefined) return finding.kind;
  if (at.node.scope === undefined) return "everywhere";
  const stack = Stack.of(at);
  return [stack.stackName.split("-").at(-1), at.node.path.slice(stack.node.path.length + 1)].join("/");
};
