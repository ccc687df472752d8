import * as z from "zod";
import { ProblemSchema } from "../../lambdas/common/core/contract/problem.ts";
import { CliError, EXIT, type ExitCode } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import type { Target } from "../target/target.ts";

/** An error is shown even when a server leaves parts of its problem out. */
const ReadProblemSchema = ProblemSchema.partial({
  type: true,
  title: true,
  status: true,
  errors: true,
  correlation_id: true,
});

/** One call of the API. */
export interface ApiRequest<Schema extends z.ZodType> {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** After `/api/v1`, such as `/catalogs`. */
  readonly path: string;
  /** Undefined values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Shape of the answer; one that transforms nothing. */
  readonly answer: Schema;
}

const TIMEOUT_MS = 60_000;
/** Waits before a call is tried again after a 503, a gateway error or a broken connection. */
const RETRY_MS = [500, 1_000, 2_000];

const exitCodeOf = (status: number): ExitCode => {
  if (status === 401 || status === 403) return EXIT.AUTH;
  if (status === 404) return EXIT.NOT_FOUND;
  return status >= 500 || status === 429 ? EXIT.UNAVAILABLE : EXIT.USAGE;
};

/** Errors shown in full; an upload may bring a hundred. */
const SHOWN_ERRORS = 10;

const toError = (target: Target, status: number, body: unknown): CliError => {
  const problem = ReadProblemSchema.safeParse(body);
  if (!problem.success)
    return new CliError(exitCodeOf(status), `${target.apiUrl} answered HTTP ${status} without saying why.`);
  const { detail, errors = [], correlation_id } = problem.data;
  const lines = errors.slice(0, SHOWN_ERRORS).map((error) => `  ${error.field}: ${error.problem}`);
  if (errors.length > SHOWN_ERRORS) lines.push(`  and ${errors.length - SHOWN_ERRORS} more`);
  if (status >= 500 && correlation_id) lines.push(`  correlation id ${correlation_id}`);
  return new CliError(exitCodeOf(status), [detail, ...lines].join("\n"), { problem: problem.data });
};

/** Talks to the API of one target. Signs in at the first call, and once more when the token has run out. */
export class ApiClient {
  readonly #io: Io;
  readonly #target: Target;
  #token: string | undefined;

  constructor(io: Io, target: Target) {
    this.#io = io;
    this.#target = target;
  }

  /**
   * Calls the API. Repeats after 503 and broken connections, so a POST must carry an Idempotency-Key.
   * @returns the answer as it came, with members that only a newer server knows
   * @throws CliError with the exit code that fits the answer
   */
  async call<Schema extends z.ZodType>(request: ApiRequest<Schema>): Promise<z.output<Schema>> {
    let response = await this.#send(request);
    if (response.status === 401 && this.#token !== undefined) {
      this.#token = undefined;
      response = await this.#send(request);
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw toError(this.#target, response.status, body);
    const answer = request.answer.safeParse(body);
    // Zod would leave out what it does not know; `--json` prints all of it.
    if (answer.success) return body as z.output<Schema>;
    throw new CliError(
      EXIT.UNAVAILABLE,
      `${this.#target.apiUrl} answered in a form that this version does not know: ${z.prettifyError(answer.error)}`,
    );
  }

  async #send(request: Omit<ApiRequest<z.ZodType>, "answer">): Promise<Response> {
    this.#token ??= await this.#target.token();
    const url = new URL(`${this.#target.apiUrl}${request.path}`);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    for (let attempt = 0; ; attempt += 1) {
      const wait = RETRY_MS[attempt];
      try {
        const response = await this.#io.fetch(url, {
          method: request.method ?? "GET",
          headers: { ...request.headers, authorization: `Bearer ${this.#token}` },
          ...(request.body === undefined ? {} : { body: request.body }),
          signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#io.interrupted]),
        });
        if (wait === undefined || ![502, 503, 504].includes(response.status)) return response;
      } catch (error) {
        if (this.#io.interrupted.aborted) throw new CliError(EXIT.INTERRUPTED, "Interrupted.", { cause: error });
        if (wait === undefined) {
          const fix = this.#target.name === "local" ? " Start it with: npm run local" : "";
          throw new CliError(EXIT.UNAVAILABLE, `${this.#target.apiUrl} does not answer.${fix}`, { cause: error });
        }
      }
      await this.#io.sleep(wait);
    }
  }
}
