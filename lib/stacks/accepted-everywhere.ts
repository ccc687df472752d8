import type { AcceptedFinding } from "../constructs/findings/accept-finding.ts";

/** Findings that are accepted for every resource of a kind in every stack: choices of the whole stage, not of one resource. */
export const ACCEPTED_EVERYWHERE: readonly AcceptedFinding[] = [
  {
    rules: ["NIST.800.53.R5-LambdaInsideVPC"],
    reason:
      "Functions reach public addresses of AWS and upstreams only; the setting `vpc` puts them into a network where a house asks for it (D-313).",
  },
  {
    rules: ["NIST.800.53.R5-LambdaConcurrency"],
    reason:
      "Every event source has a maximum; a reservation would take the concurrency of other projects in the account (D-131).",
  },
  {
    rules: ["NIST.800.53.R5-LambdaDLQ", "Serverless-LambdaDLQ"],
    reason:
      "Calls that wait have their own end: queues a dead-letter queue, streams and rules a destination; scheduled calls follow each other.",
  },
  {
    rules: ["Serverless-LambdaTracing"],
    reason:
      "One correlation id leads through the logs of all functions; X-Ray costs five dollars for a million traces on top of it.",
  },
  {
    rules: ["NIST.800.53.R5-IAMNoInlinePolicy"],
    reason:
      "Each role belongs to one function or service and has rights that nothing else shares: a managed policy would be attached once.",
  },
  {
    rules: ["NIST.800.53.R5-CloudWatchLogGroupEncrypted", "NIST.800.53.R5-SecretsManagerUsingKMSKey"],
    reason:
      "AWS encrypts with keys of its own; a key of ours would cost a dollar a month, and a call of KMS for each read (D-310).",
  },
  {
    rules: ["NIST.800.53.R5-DynamoDBInBackupPlan"],
    reason:
      "What is ours has point-in-time recovery for 35 days; a plan on top would keep what licences end. docs/operations/backup.md says how to restore.",
  },
  {
    rules: ["Serverless-SNSRedrivePolicy"],
    reason:
      "Subscriptions are mail, which SNS itself tries for hours; the alarm or failure stands on the dashboard all the same.",
  },
];
