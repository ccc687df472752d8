import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  TooManyRequestsException,
  UserNotFoundException,
} from "@aws-sdk/client-cognito-identity-provider";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, it } from "vitest";
import { createCognitoClient, UserDirectory } from "../../../../../lambdas/common/adapters/cognito/user-directory.ts";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";

const cognito = mockClient(CognitoIdentityProviderClient);
const users = new UserDirectory(createCognitoClient(), "pool");
const sub = (Value: string) => ({ UserAttributes: [{ Name: "sub", Value }] });
beforeEach(() => cognito.reset());

it("knows who is there and may sign in: not who is switched off, gone, or has taken the name later", async () => {
  cognito
    .on(AdminGetUserCommand)
    .resolvesOnce({ Enabled: true, ...sub("u1") })
    .resolvesOnce({ Enabled: false, ...sub("u1") })
    .resolvesOnce({ Enabled: true, ...sub("u2") })
    .rejectsOnce(new UserNotFoundException({ message: "gone", $metadata: {} }));
  const answers: boolean[] = [];
  for (let ask = 0; ask < 4; ask += 1) answers.push(await users.isThere("anna", "u1"));
  expect(answers).toEqual([true, false, false, false]);
});

it("knows by the id alone who is there and may sign in, over all pages", async () => {
  cognito
    .on(ListUsersCommand)
    .resolvesOnce({ Users: [{ Enabled: true }] })
    .resolvesOnce({ Users: [], PaginationToken: "more" })
    .resolvesOnce({ Users: [{ Enabled: false }] })
    .resolvesOnce({});
  const answers: boolean[] = [];
  for (let ask = 0; ask < 3; ask += 1) answers.push(await users.hasUser('u"1'));
  expect(answers).toEqual([true, false, false]);
  const [first, , third] = cognito.commandCalls(ListUsersCommand).map(({ args }) => args[0].input);
  expect(first).toEqual({ UserPoolId: "pool", Filter: 'sub = "u\\"1"', AttributesToGet: ["sub"] });
  expect(third?.PaginationToken).toBe("more");
  cognito.on(ListUsersCommand).rejects(new TooManyRequestsException({ message: "slow down", $metadata: {} }));
  await expect(users.hasUser("u1")).rejects.toThrow(TransientError);
});

it("reads all pages of somebody's groups", async () => {
  cognito
    .on(AdminListGroupsForUserCommand)
    .resolves({ Groups: [{ GroupName: "editors" }], NextToken: "more" })
    .on(AdminListGroupsForUserCommand, { NextToken: "more" })
    .resolves({ Groups: [{ GroupName: "operators" }] });
  expect(await users.groupsOf("anna")).toEqual(["editors", "operators"]);
});

it("takes a throttle for what passes", async () => {
  cognito.on(AdminGetUserCommand).rejects(new TooManyRequestsException({ message: "slow down", $metadata: {} }));
  await expect(users.isThere("anna", "u1")).rejects.toThrow(TransientError);
});
