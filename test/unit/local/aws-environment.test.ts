import { expect, test } from "vitest";
import { bareEnvironment, emulatorEnvironment } from "../../../local/aws-environment.ts";
import { NODE_BIN } from "../../../local/layout.ts";

const person = {
  PATH: "/usr/bin",
  HOME: "/home/me",
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "secret",
  AWS_ENDPOINT_URL_S3: "https://s3.example.com",
  CDK_DEFAULT_ACCOUNT: "123456789012",
  NODE_OPTIONS: "--inspect",
};

test("a child process sees nothing of the person's AWS settings and finds Node 24 first", () => {
  expect(bareEnvironment(person)).toEqual({ HOME: "/home/me", PATH: `${NODE_BIN}:/usr/bin` });
});

test("the CDK command line can reach only the emulator, with dummy keys and no configuration files", () => {
  const env = emulatorEnvironment("http://127.0.0.1:4566", person);
  expect(env).toMatchObject({
    AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    AWS_ACCESS_KEY_ID: "test",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    CDK_DEFAULT_ACCOUNT: "000000000000",
  });
  expect(Object.keys(env).filter((name) => /PROFILE|SESSION_TOKEN|URL_S3/.test(name))).toEqual([]);
});
