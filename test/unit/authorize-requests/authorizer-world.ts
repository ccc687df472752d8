import type { Deps } from "../../../lambdas/authorize-requests/deps.ts";
import { createHandler } from "../../../lambdas/authorize-requests/handler.ts";
import { ApiKeys } from "../../../lambdas/common/adapters/dynamodb/access/api-keys.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { secretHash } from "../../../lambdas/common/platform/access/access-secrets.ts";
import { aKey } from "../../helpers/access/api-keys.ts";
import { ACCESS_TABLE } from "../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../helpers/rows.ts";

/** The authorizer over keys in memory, and people of a list. */
export class AuthorizerWorld {
  nowMs = NOON;
  /** Groups by id, of everybody who may sign in. */
  readonly people = new Map<string, string[]>([["anna", []]]);
  readonly keys = new ApiKeys(new MemoryDynamo({ access: ACCESS_TABLE }).client(), "access");
  readonly logged: string[] = [];
  notesFail = false;
  usesNoted = 0;
  usersFail = false;
  readonly deps: Deps = {
    clock: { now: () => this.nowMs, sleep: async () => undefined },
    log: {
      during: (fields, work) => {
        this.logged.push(JSON.stringify(fields));
        return work();
      },
      ...{ debug: this.#note, info: this.#note, warn: this.#note, error: this.#note },
    },
    tokens: {
      ownerOf: async (token) =>
        token === "token-of-anna" ? { userId: "anna", username: "anna@example.com", groups: ["operators"] } : undefined,
    },
    keys: {
      get: (id) => this.keys.get(id),
      noteUse: async (id, nowMs) => {
        if (this.notesFail) throw new TransientError("no writes today");
        this.usesNoted += 1;
        await this.keys.noteUse(id, nowMs);
      },
    },
    present: { isPresent: async ({ userId, username = "" }) => this.deps.users.isThere(username, userId) },
    users: {
      isThere: async (username, userId) => {
        if (this.usersFail) throw new TransientError("Cognito is away");
        return username === `${userId}@example.com` && this.people.has(userId);
      },
      groupsOf: async (username) => this.people.get(username.split("@")[0] ?? "") ?? [],
    },
  };

  get #note() {
    return (message: string, fields?: Record<string, unknown>) => {
      this.logged.push(`${message} ${JSON.stringify(fields)}`);
    };
  }

  /** What the authorizer says of an event, with a key in the table that has the secret of the event's header. */
  async answer(event: unknown) {
    const secret = /ek_\S+/.exec(JSON.stringify(event))?.[0]?.replace(/[\\"].*/, "") ?? "";
    const { row } = aKey({ secret_hash: secretHash(secret) });
    await this.keys.create(row, this.nowMs);
    return (await createHandler(this.deps)(event)).context;
  }

  /** What the authorizer says of a request with this header. */
  async ask(authorization: string) {
    const { isAuthorized, context } = await createHandler(this.deps)({ headers: { authorization } });
    if (!isAuthorized) throw new Error("the authorizer lets everything through");
    return context;
  }
}
