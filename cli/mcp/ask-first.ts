import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { CliError, EXIT } from "../cli-error.ts";
import { plainText } from "./bounded-answer.ts";
import type { Bound, Confirmations } from "./confirmations.ts";

/** How a question ended: do it, leave it, or bring this token with the person's consent. */
export type Answered =
  | { readonly outcome: "confirmed" }
  | { readonly outcome: "declined" }
  | { readonly outcome: "needs_confirmation"; readonly confirm: string };

/** A person may be away from the keyboard; after this the question ends, and nothing is done. */
const ANSWER_WITHIN_MS = 10 * 60_000;

/** Whether the client can put a question to its person. */
export const canElicit = (server: McpServer): boolean =>
  server.server.getClientCapabilities()?.elicitation?.form !== undefined;

const elicit = async (server: McpServer, question: string, signal: AbortSignal): Promise<boolean> => {
  const answer = await server.server
    .elicitInput(
      {
        message: question,
        requestedSchema: {
          type: "object",
          properties: { confirm: { type: "boolean", title: "Do it", description: "Nothing is changed without it." } },
          required: ["confirm"],
        },
      },
      { signal, timeout: ANSWER_WITHIN_MS },
    )
    .catch((error: unknown) => {
      throw new CliError(EXIT.USAGE, "The person could not be asked, so nothing was changed. Try again.", {
        cause: error,
      });
    });
  return answer.action === "accept" && answer.content?.confirm === true;
};

/**
 * Asks before something is changed: the person where the client can ask, else by a token that the assistant brings back
 * after showing the preview. A token is worth nothing where the person can be asked.
 */
export const askFirst = async (
  server: McpServer,
  confirmations: Confirmations,
  {
    question,
    bound,
    confirm,
    signal,
  }: {
    readonly question: string;
    readonly bound: Bound;
    readonly confirm: string | undefined;
    readonly signal: AbortSignal;
  },
): Promise<Answered> => {
  if (canElicit(server))
    return { outcome: (await elicit(server, plainText(question), signal)) ? "confirmed" : "declined" };
  if (confirm !== undefined && confirmations.take(confirm, bound)) return { outcome: "confirmed" };
  return { outcome: "needs_confirmation", confirm: confirmations.issue(bound) };
};
