import { describe, expect, it } from "vitest";
import { awsError } from "../../../../cli/aws/aws-error.ts";
import { CliError, EXIT } from "../../../../cli/cli-error.ts";
import { readTags } from "../../../../cli/credentials/secret-prompts.ts";

const named = (name: string, message = "the words of AWS", code?: string): Error =>
  Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });

describe("awsError", () => {
  it.each([
    [named("CredentialsProviderError"), EXIT.AUTH, "--profile"],
    [named("ExpiredTokenException"), EXIT.AUTH, "aws sso login"],
    [named("AccessDeniedException"), EXIT.AUTH, "not allowed"],
    [named("Error", "Region is missing"), EXIT.USAGE, "AWS_REGION"],
    [named("Error", "connect ECONNREFUSED", "ECONNREFUSED"), EXIT.UNAVAILABLE, "cannot be reached"],
    [named("ThrottlingException"), EXIT.UNAVAILABLE, "ThrottlingException: the words of AWS"],
    ["no error at all", EXIT.UNAVAILABLE, "no error at all"],
  ])("%s ends with %i and says what to do", (error, exitCode, words) => {
    const said = awsError(error, "Reading the stack");
    expect(said).toMatchObject({ exitCode });
    expect(said.message).toContain("Reading the stack");
    expect(said.message).toContain(words);
  });

  it("leaves words that were made for the person alone", () => {
    const own = new CliError(EXIT.NOT_FOUND, "There is none.");
    expect(awsError(own, "anything")).toBe(own);
  });
});

describe("readTags", () => {
  it.each([
    ["de=mine-21, us=mine-20", { de: "mine-21", us: "mine-20" }],
    ["www.amazon.de = mine-21 ; US =mine-20", { "www.amazon.de": "mine-21", US: "mine-20" }],
    ["mine-21", { "mine-21": "" }],
    ["", {}],
  ])("reads %j", (text, tags) => {
    expect(readTags(text)).toEqual(tags);
  });
});
