import { signedFetch } from "../../../../local/emulator/signed-fetch.ts";
import { type Statement, statementsOf } from "../../iam/statements.ts";

/** Keys of a role that was taken on. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const VERSIONS = { iam: "2010-05-08", sts: "2011-06-15" } as const;

/** The text of every element of this name in an answer. */
const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);

/** IAM and STS of the emulator. */
export class EmulatorIam {
  readonly #url: string;
  readonly #credentials: RoleCredentials | undefined;

  /** @param credentials whose calls they are. @default those of the account itself, which may do all */
  constructor(emulatorUrl: string, credentials?: RoleCredentials) {
    this.#url = emulatorUrl;
    this.#credentials = credentials;
  }

  /** Takes on a role as the service does that its functions run in. */
  async assume(roleArn: string): Promise<RoleCredentials> {
    const xml = await this.#call("sts", { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: "rights" });
    const [accessKeyId, secretAccessKey, sessionToken] = ["AccessKeyId", "SecretAccessKey", "SessionToken"].map(
      (name) => textsOf(xml, name)[0] ?? "",
    );
    if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error(`no credentials in ${xml}`);
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  /** What the policies of a role say, as they are deployed. */
  async statements(roleName: string): Promise<Statement[]> {
    const names = textsOf(await this.#call("iam", { Action: "ListRolePolicies", RoleName: roleName }), "member");
    const documents = await Promise.all(
      names.map(async (PolicyName) => {
        const xml = await this.#call("iam", { Action: "GetRolePolicy", RoleName: roleName, PolicyName });
        return decodeURIComponent(textsOf(xml, "PolicyDocument")[0] ?? "");
      }),
    );
    return documents.flatMap((document) => statementsOf(JSON.parse(document)));
  }

  /** Denies a role an action everywhere while `during` runs, beside what its own policies say. */
  async whileDenied<Result>(roleName: string, action: string, during: () => Promise<Result>): Promise<Result> {
    const policy = { RoleName: roleName, PolicyName: "denied-by-test" };
    const document = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: action, Resource: "*" }] };
    await this.#call("iam", { Action: "PutRolePolicy", ...policy, PolicyDocument: JSON.stringify(document) });
    try {
      return await during();
    } finally {
      await this.#call("iam", { Action: "DeleteRolePolicy", ...policy });
    }
  }

  async #call(service: keyof typeof VERSIONS, parameters: Readonly<Record<string, string>>): Promise<string> {
    const query = new URLSearchParams({ Version: VERSIONS[service], ...parameters });
    const credentials = this.#credentials;
    const answer = await signedFetch(service, `${this.#url}/?${query}`, credentials ? { credentials } : {});
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${parameters.Action} answered ${answer.status}: ${text.slice(0, 500)}`);
    return text;
  }
}
