import { relative } from "node:path";
import type { Layout } from "../layout.ts";
import type { Outputs } from "../outputs.ts";

/** Lines that show a person where everything is. */
export const describeStack = (outputs: Outputs, layout: Layout): string[] => {
  const near = relative(process.cwd(), layout.outputsFile);
  return [
    "Enrichline is ready on this machine.",
    `  Start page ${outputs.consoleUrl}`,
    `  API        ${outputs.apiUrl}`,
    `  Live       ${outputs.webSocketUrl} (WebSocket, see docs/live.md)`,
    `  API docs   ${outputs.apiUrl}/docs`,
    `  Emulator   ${outputs.emulatorUrl} (AWS without AWS)`,
    ...Object.entries(outputs.upstreams).map(
      ([id, { controlUrl }]) => `  Simulator  ${id}, its figures at ${controlUrl}/calls`,
    ),
    ...(outputs.faults ? [`  Faults     of AWS, switched at ${outputs.faults.controlUrl}/faults`] : []),
    `  Users      ${Object.values(outputs.users)
      .map(({ username }) => username)
      .join(", ")}`,
    `  Passwords, queues and tables: ${near.startsWith("..") ? layout.outputsFile : near}`,
  ];
};
