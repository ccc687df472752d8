import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { askLine } from "./ask-line.ts";

/** Everything a command touches outside itself, so that tests can own it. */
export interface Io {
  /** Results. */
  readonly out: (text: string) => void;
  /** Everything that is not the result: target, progress, hints. */
  readonly err: (text: string) => void;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly live: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  /** Opens WebSockets; undefined before Node 22, which has none. */
  readonly webSocket: typeof WebSocket | undefined;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Fires once when the user presses Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Asks a person on stderr for one line; hidden, nothing that is typed shows. @throws CliError INTERRUPTED on Ctrl-C */
  readonly ask: (question: string, options?: { readonly hidden?: boolean }) => Promise<string>;
  /**
   * Runs a program with this one's own streams and gives its exit code, 1 when a signal ended it.
   * @param streams `aside`: what it writes to stdout goes to stderr
   */
  readonly run: (
    command: string,
    args: readonly string[],
    folder: string,
    streams?: "own" | "aside",
  ) => Promise<number>;
  /** All of stdin. */
  readonly readInput: () => Promise<string>;
  /** Colours a word for a terminal; gives it back as it is when piped or with NO_COLOR. */
  readonly paint: (colour: "green" | "red" | "yellow" | "dim", text: string) => string;
}

const runProgram: Io["run"] = async (command, args, folder, streams = "own") => {
  const child = spawn(command, [...args], {
    cwd: folder,
    stdio: streams === "own" ? "inherit" : ["inherit", process.stderr, "inherit"],
  });
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : 1;
};

/** The process's own streams, clock and network. */
export const processIo = (interrupted: AbortSignal): Io => {
  const colours = process.stdout.isTTY === true && process.stderr.isTTY === true && !process.env.NO_COLOR;
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    live: process.stderr.isTTY === true,
    env: process.env,
    // The addresses that the product gives are final; a redirect could lead from https to http, and take the token along.
    fetch: (input, init) => fetch(input, { ...init, redirect: "error" }),
    webSocket: globalThis.WebSocket,
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, signal ? { signal } : {});
    },
    interrupted,
    canAsk: process.stdin.isTTY === true,
    ask: (question, options = {}) => askLine(question, options.hidden ?? false),
    run: runProgram,
    readInput: () => text(process.stdin),
    paint: (colour, text) => (colours ? styleText(colour, text, { validateStream: false }) : text),
  };
};
