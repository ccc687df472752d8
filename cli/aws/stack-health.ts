import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { AwsAccess } from "./aws-access.ts";
import { awsError } from "./aws-error.ts";
import { describeStack } from "./describe-stack.ts";
import { type StackPart, stackName } from "./stack-name.ts";

type Place = Pick<AwsAccess, "stage" | "config">;

/** An alarm that rings. */
export interface RingingAlarm {
  readonly name: string;
  /** What it means and where the runbook says what to do. */
  readonly description: string;
  readonly isPage: boolean;
}

/** Which alarms of the stage ring now. @throws CliError */
export const ringingAlarms = async ({ stage, config }: Place): Promise<RingingAlarm[]> => {
  const client = new CloudWatchClient(config);
  const ringing: RingingAlarm[] = [];
  try {
    const query = { AlarmNamePrefix: `Enrichline-${stage}/`, StateValue: "ALARM" } as const;
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
      for (const { AlarmName = "", AlarmDescription = "" } of [...MetricAlarms, ...CompositeAlarms]) {
        ringing.push({
          name: AlarmName.slice(query.AlarmNamePrefix.length),
          description: AlarmDescription,
          isPage: AlarmDescription.startsWith("[page]"),
        });
      }
    }
    return ringing;
  } catch (error) {
    throw awsError(error, "Reading the alarms");
  } finally {
    client.destroy();
  }
};

/** Stacks that every stage has. */
const PARTS: readonly StackPart[] = ["Data", "Pipeline", "Api", "Monitoring"];
/** Stacks that a stage may have. */
const OPTIONAL_PARTS: readonly StackPart[] = ["Network", "Shop"];

/** In which state each stack of the stage is, by its name; "not deployed" where there is none. @throws CliError */
export const stackStates = async ({ stage, config }: Place): Promise<ReadonlyMap<string, string>> => {
  const client = new CloudFormationClient(config);
  try {
    const states = new Map<string, string>();
    for (const part of [...PARTS, ...OPTIONAL_PARTS]) {
      const name = stackName(stage, part);
      const state = (await describeStack(client, name))?.StackStatus;
      if (state !== undefined || PARTS.includes(part)) states.set(name, state ?? "not deployed");
    }
    return states;
  } finally {
    client.destroy();
  }
};

/** Stacks that may have queues and schedules. */
const WORKING_PARTS: readonly StackPart[] = ["Pipeline", "Shop"];

/** How many messages lie in each dead-letter queue that is not empty, by the queue. @throws CliError */
export const deadLetters = async ({ stage, config }: Place): Promise<ReadonlyMap<string, number>> => {
  const cloudFormation = new CloudFormationClient(config);
  const sqs = new SQSClient(config);
  const found = new Map<string, number>();
  try {
    for (const part of WORKING_PARTS) {
      const { Outputs = [] } = (await describeStack(cloudFormation, stackName(stage, part))) ?? {};
      for (const { OutputKey = "", OutputValue } of Outputs) {
        const [, queue] = /^Queue(\w+)DlqUrl$/.exec(OutputKey) ?? [];
        if (queue === undefined || OutputValue === undefined) continue;
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: OutputValue, AttributeNames: ["ApproximateNumberOfMessages"] }),
        );
        const count = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
        if (count > 0) found.set(queue, count);
      }
    }
    return found;
  } catch (error) {
    throw awsError(error, "Reading the dead-letter queues");
  } finally {
    sqs.destroy();
    cloudFormation.destroy();
  }
};

/** The schedules of the stage, and which of them are switched off. @throws CliError */
export const readSchedules = async ({ stage, config }: Place): Promise<{ count: number; off: string[] }> => {
  const cloudFormation = new CloudFormationClient(config);
  const scheduler = new SchedulerClient(config);
  const off: string[] = [];
  let count = 0;
  try {
    for (const part of WORKING_PARTS) {
      const StackName = stackName(stage, part);
      if (!(await describeStack(cloudFormation, StackName))) continue;
      const pages = paginateListStackResources({ client: cloudFormation }, { StackName });
      for await (const { StackResourceSummaries = [] } of pages) {
        for (const { ResourceType, PhysicalResourceId: Name = "" } of StackResourceSummaries) {
          if (ResourceType !== "AWS::Scheduler::Schedule") continue;
          count += 1;
          const { State } = await scheduler.send(new GetScheduleCommand({ Name }));
          if (State === "DISABLED") off.push(Name);
        }
      }
    }
    return { count, off };
  } catch (error) {
    throw awsError(error, "Reading the schedules");
  } finally {
    scheduler.destroy();
    cloudFormation.destroy();
  }
};
