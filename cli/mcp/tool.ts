import type * as z from "zod";
import type { Session } from "../run-command.ts";
import type { Answered } from "./ask-first.ts";
import type { Bound } from "./confirmations.ts";
import type { AllowedFolders } from "./folders.ts";

/** What a tool works with during one call. */
export interface ToolCall extends Session {
  readonly folders: AllowedFolders;
  /** Whether the person allowed product content (`--with-content`). */
  readonly withContent: boolean;
  /**
   * Asks whether to do what was previewed.
   * @param question for the person, one or two sentences
   * @param bound what exactly would be done
   * @param confirm the token of a preview, if the assistant brought one
   */
  readonly askFirst: (question: string, bound: Bound, confirm: string | undefined) => Promise<Answered>;
  /** A token with which a later call may do what was previewed now; null where the person is asked instead. */
  readonly tokenFor: (bound: Bound) => string | null;
}

/** What clients may conclude of a tool before they call it. */
export interface ToolHints {
  /** Changes nothing. */
  readonly readOnlyHint: boolean;
  /** Replaces or removes something. */
  readonly destructiveHint: boolean;
  /** A second call with the same input changes nothing more. */
  readonly idempotentHint: boolean;
  /** Reaches beyond this machine. */
  readonly openWorldHint: boolean;
}

/** Looks, and changes nothing. */
export const READS: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
};
/** Adds something, or spends allowance; takes nothing away. */
export const ADDS: ToolHints = { ...READS, readOnlyHint: false, idempotentHint: false };

/** One tool of the server. */
export interface McpTool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly hints: ToolHints;
  readonly input: Input;
  /** Members that it does not name are never given out. */
  readonly output: Output;
  /** Members whose texts people and upstreams wrote. */
  readonly outside: readonly string[];
  /** @throws CliError what failed, with the fix */
  readonly run: (call: ToolCall, input: z.output<Input>) => Promise<z.input<Output>>;
}

/** Keeps the types of a tool's own input and output within it. */
export const defineTool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: McpTool<Input, Output>,
): McpTool => ({ ...tool, run: (call, input) => tool.run(call, tool.input.parse(input)) });
