import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, it } from "vitest";
import { Sockets } from "../../../../../lambdas/common/adapters/sockets/sockets.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const api = mockClient(ApiGatewayManagementApiClient);
const sockets = new Sockets(new ApiGatewayManagementApiClient({ region: "us-east-1" }));
const meta = { $metadata: {}, message: "" };
const failure = Object.assign(new Error("no answer"), { name: "TimeoutError" });

beforeEach(() => api.reset());

it("tells what became of a message", async () => {
  api
    .on(PostToConnectionCommand)
    .resolvesOnce({})
    .rejectsOnce(new GoneException(meta))
    .rejectsOnce(new LimitExceededException(meta))
    .rejectsOnce(failure);
  const results = [
    await sockets.send("c1", "text"),
    await sockets.send("c1", "text"),
    await sockets.send("c1", "text"),
  ];
  expect(results).toEqual(["sent", "gone", "limited"]);
  await expect(sockets.send("c1", { type: "pong", timestamp: "" })).rejects.toBeInstanceOf(TransientError);
  const sent = api
    .commandCalls(PostToConnectionCommand)
    .map(({ args }) => Buffer.from(args[0].input.Data as Uint8Array));
  expect(sent.map(String)).toEqual(["text", "text", "text", '{"type":"pong","timestamp":""}']);
});

it("closes connections, also those that are gone", async () => {
  api.on(DeleteConnectionCommand).resolvesOnce({}).rejectsOnce(new GoneException(meta)).rejectsOnce(failure);
  await sockets.disconnect("c1");
  await sockets.disconnect("c1");
  await expect(sockets.disconnect("c1")).rejects.toBeInstanceOf(TransientError);
});
