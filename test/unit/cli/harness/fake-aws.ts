import { createServer } from "node:http";
import * as z from "zod";

/** One AWS call as the server saw it. */
export interface AwsCall {
  /** Such as `PutSecretValue`, or `POST /operations/probes` for the deployment's own API. */
  readonly name: string;
  readonly input: Record<string, unknown>;
  readonly authorization: string;
}

/** What the server answers: JSON, or an error by name. */
export type AwsReply =
  | { readonly body: unknown; readonly status?: number }
  | { readonly error: string; readonly message?: string };

const BodySchema = z.record(z.string(), z.unknown());
/** A deployed stack; `status` is that of a stack which went well. */
export interface FakeStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly status?: string;
  readonly terminationProtection?: boolean;
  /** What it was deployed from. @default an empty template */
  readonly template?: object;
}

/** The account whose credentials are used. */
export const FAKE_ACCOUNT = "123456789012";

const stacksOf = (outputs: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.fromEntries(Object.entries(outputs).map(([name, own]): [string, FakeStack] => [name, { outputs: own }]));

/** The stacks of stage `dev`. */
export const DEV_STACKS: Readonly<Record<string, FakeStack>> = stacksOf({
  "Enrichline-dev-Api": { ApiId: "abc123", ApiUrl: "https://abc123.execute-api.eu-central-1.amazonaws.com/api/v1" },
  "Enrichline-dev-Data": {
    UserPoolId: "eu-central-1_pool",
    UserPoolClientId: "client",
    SecretPrefix: "enrichline/dev",
  },
  "Enrichline-dev-Pipeline": { ConcurrencyNeeded: "10" },
});

const stackXml = (stack: FakeStack | undefined, name: string): { status: number; xml: string } => {
  if (!stack) {
    return {
      status: 400,
      xml: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
    };
  }
  const members = Object.entries(stack.outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return {
    status: 200,
    xml: `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><CreationTime>2026-08-01T00:00:00Z</CreationTime><StackStatus>${stack.status ?? "CREATE_COMPLETE"}</StackStatus><EnableTerminationProtection>${stack.terminationProtection ?? false}</EnableTerminationProtection><Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
};

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What CloudFormation and STS answer, which speak XML. */
const xmlReply = (
  { Action = "", StackName = "" }: Readonly<Record<string, string>>,
  stacks: Readonly<Record<string, FakeStack>>,
): { status: number; xml: string } => {
  if (Action === "GetCallerIdentity") {
    const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${FAKE_ACCOUNT}</Account><Arn>arn:aws:iam::${FAKE_ACCOUNT}:user/ops</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    return { status: 200, xml };
  }
  const stack = stacks[StackName];
  if (Action === "GetTemplate" && stack) {
    const body = escaped(JSON.stringify(stack.template ?? {}));
    const xml = `<GetTemplateResponse><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
    return { status: 200, xml };
  }
  return stackXml(stack, StackName);
};

/** Actions that only read; tests look at what is changed. */
const READS: ReadonlySet<string> = new Set(["DescribeStacks", "GetTemplate", "GetCallerIdentity"]);

/**
 * A small real server on a free loopback port that plays CloudFormation with one deployed stage (`dev`), and hands
 * every other AWS call, and every call of that stage's API, to `reply`.
 * @param stacks what CloudFormation describes
 */
export const startFakeAws = async (
  reply: (call: AwsCall) => AwsReply,
  stacks: Readonly<Record<string, FakeStack>> = DEV_STACKS,
): Promise<{ url: string; calls: AwsCall[]; reads: string[]; close: () => Promise<void> }> => {
  const calls: AwsCall[] = [];
  const reads: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const text = Buffer.concat(chunks).toString("utf8");
    const target = request.headers["x-amz-target"];
    const authorization = request.headers.authorization ?? "";
    const path = new URL(request.url ?? "/", "http://local").pathname;
    if (typeof target !== "string" && path === "/") {
      const input = Object.fromEntries(new URLSearchParams(text));
      const { Action: name = "" } = input;
      if (READS.has(name)) reads.push(name);
      else calls.push({ name, input, authorization });
      const { status, xml } = xmlReply(input, stacks);
      response.writeHead(status, { "content-type": "text/xml" }).end(xml);
      return;
    }
    const name =
      typeof target === "string"
        ? (target.split(".")[1] ?? "")
        : `${request.method} ${path.replace("/_aws/execute-api/abc123/$default/api/v1", "")}`;
    const call = { name, input: text === "" ? {} : BodySchema.parse(JSON.parse(text)), authorization };
    calls.push(call);
    const answer = reply(call);
    const failed = "error" in answer;
    const body = failed ? { __type: answer.error, message: answer.message ?? answer.error } : answer.body;
    response
      .writeHead(failed ? 400 : (answer.status ?? 200), { "content-type": "application/x-amz-json-1.1" })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    reads,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
