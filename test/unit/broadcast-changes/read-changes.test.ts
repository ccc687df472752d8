import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, it } from "vitest";
import { readChanges } from "../../../lambdas/broadcast-changes/read-changes.ts";
import { aRun } from "../../helpers/rows.ts";

it.each([[{ a: null }], [{ a: { S: 1, N: "x" } }], [{ a: { UNKNOWN: "1" } }]])(
  "an image in no form of DynamoDB's, %j, is unreadable by itself",
  (NewImage) => {
    const row = marshall(aRun({ state: "running", sequence: 2 }), { removeUndefinedValues: true });
    const read = readChanges([
      { dynamodb: { SequenceNumber: "1", NewImage } },
      { dynamodb: { SequenceNumber: "2", NewImage: row } },
    ]);
    expect(read.unreadable).toMatchObject([{ sequenceNumber: "1", problem: expect.any(String) }]);
    expect(read.progress).toMatchObject([{ sequenceNumber: "2", message: { sequence: 2 } }]);
  },
);
