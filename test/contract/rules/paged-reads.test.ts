import { readdirSync, readFileSync } from "node:fs";
import * as cloudformation from "@aws-sdk/client-cloudformation";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as lambda from "@aws-sdk/client-lambda";
import * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import * as s3 from "@aws-sdk/client-s3";
import * as secrets from "@aws-sdk/client-secrets-manager";
import * as sqs from "@aws-sdk/client-sqs";
import * as documents from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/*
 * AWS ends an answer where it likes: after 1 MB of rows, after 1,000 keys, when a partition is busy. Each command whose
 * answer may be a part is sent by one file, whose tests prove that it asks for the rest; all others use that file.
 */

const CLIENTS = { cloudformation, cloudwatch, cognito, dynamodb, lambda, logs, s3, secrets, sqs, tagging, documents };

/** Answers that name what was left out, but have no paginator in the SDK. */
const PARTIAL = [
  ...["BatchGet", "BatchGetItem", "BatchWrite", "BatchWriteItem", "ExecuteStatement", "BatchExecuteStatement"],
  ...["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch", "DeleteObjects", "BatchGetSecretValue"],
  ...["ListObjects", "ListObjectVersions", "ListMultipartUploads"],
];

/** The only file that sends each of them; the CLI has its own, because it may not use adapters. */
const SENDERS: Readonly<Record<string, string | readonly string[]>> = {
  Query: "lambdas/common/adapters/dynamodb/query-pages.ts",
  Scan: ["lambdas/common/adapters/dynamodb/scan-page.ts", "cli/aws/restore/restore-table.ts"],
  BatchGet: "lambdas/common/adapters/dynamodb/batch-get.ts",
  BatchWrite: "lambdas/common/adapters/dynamodb/batch-delete.ts",
  AdminListGroupsForUser: "lambdas/common/adapters/cognito/user-directory.ts",
  ListUsers: "lambdas/common/adapters/cognito/user-directory.ts",
  ListObjectsV2: ["lambdas/common/adapters/s3/list-keys.ts", "cli/aws/destroy/measure-data.ts"],
  // The first page again and again: what it lists is deleted before the next is asked for.
  ListObjectVersions: "cli/aws/destroy/delete-data.ts",
  DeleteObjects: "cli/aws/destroy/delete-data.ts",
  ListStackResources: ["cli/aws/destroy/stage-stacks.ts", "cli/aws/stack-health.ts"],
  DescribeAlarms: "cli/aws/stack-health.ts",
  GetResources: "cli/aws/destroy/find-data.ts",
  // The newest are first, and say why a delete failed a moment ago.
  DescribeStackEvents: "cli/aws/destroy/stage-stacks.ts",
  // Names one group, which is the first of those that begin with its name.
  DescribeLogGroups: "cli/aws/destroy/measure-data.ts",
  FilterLogEvents: "cli/aws/last-failure.ts",
  SendMessageBatch: "lambdas/common/adapters/sqs/send-all.ts",
  DeleteMessageBatch: "lambdas/common/adapters/sqs/sqs-consumed-queue.ts",
  ChangeMessageVisibilityBatch: "lambdas/common/adapters/sqs/sqs-consumed-queue.ts",
  // Names its one stack, so that the answer is whole.
  DescribeStacks: "cli/aws/describe-stack.ts",
};

/** Names of commands whose answer may be a part, without "Command". */
const pagedCommands = (): Set<string> => {
  const names = Object.values(CLIENTS).flatMap((client) => Object.keys(client));
  const paginated = names.flatMap((name) => /^paginate(\w+)$/.exec(name)?.[1] ?? []);
  return new Set([...paginated, ...PARTIAL]);
};

const sourcesOf = (folder: string): string[] =>
  readdirSync(`${REPOSITORY_ROOT}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`);

const textOf = (file: string): string => readFileSync(`${REPOSITORY_ROOT}/${file}`, "utf8");

describe("an answer of AWS that may be a part", () => {
  const paged = pagedCommands();
  const sent = ["lambdas", "cli", "local"].flatMap(sourcesOf).flatMap((file) => {
    const text = textOf(file);
    const commands = [...text.matchAll(/\bnew (\w+)Command\b/g)].map(([, name = ""]) => name);
    const paginators = [...text.matchAll(/\bpaginate(\w+)\(/g)].map(([, name = ""]) => name);
    return [...commands, ...paginators].filter((name) => paged.has(name)).map((name) => ({ name, file }));
  });

  it("is known as such by the SDK's own paginators", () => {
    expect([...paged]).toEqual(expect.arrayContaining(["Query", "Scan", "ListObjectsV2", "ListParts", "ListSecrets"]));
    expect([...paged]).toEqual(expect.arrayContaining(["ListUsers", "ListUsersInGroup", "DescribeStacks"]));
  });

  it("is asked for by one file, in lambdas, cli and local", () => {
    const expected = Object.entries(SENDERS).flatMap(([name, files]) => [files].flat().map((file) => ({ name, file })));
    const key = ({ name, file }: { name: string; file: string }) => `${name} ${file}`;
    const byName = (a: (typeof sent)[number], b: (typeof sent)[number]) => (key(a) < key(b) ? -1 : 1);
    expect(sent.toSorted(byName)).toEqual(expected.toSorted(byName));
  });
});
