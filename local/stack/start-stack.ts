import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { Listr, PRESET_TIMER } from "listr2";
import { addArchive } from "../emulator/add-archive.ts";
import { fixCors } from "../emulator/fix-cors.ts";
import { type RunningEmulator, startEmulator, USUAL_EMULATOR_PORT } from "../emulator/start-emulator.ts";
import { rerouteFunctions } from "../faults/reroute-functions.ts";
import { type FaultLayer, startFaultLayer } from "../faults/start-fault-layer.ts";
import { type Gateway, startGateway, USUAL_GATEWAY_PORT } from "../gateway/start-gateway.ts";
import { LocalError } from "../local-error.ts";
import { type Outputs, writeOutputs } from "../outputs.ts";
import { identify, type ProcessIdentity } from "../process/process-identity.ts";
import { LOCAL_CREDENTIALS } from "../upstreams/local-credentials.ts";
import { serveStage } from "../web-sockets/serve-stage.ts";
import type { WebSockets } from "../web-sockets/start-web-sockets.ts";
import { cdkBootstrap, cdkDeploy, cdkSynth } from "./cdk.ts";
import { createUsers } from "./create-users.ts";
import { clearDead, findRunning } from "./find-running.ts";
import { putSecrets } from "./put-secrets.ts";
import { readStackOutputs, type StackOutputs } from "./read-stack-outputs.ts";
import { createRunFile, type RunFile, removeRunFile, updateRunFile } from "./run-file.ts";
import { CONFIGURED_SOURCES, SIMULATED_SOURCES, upstreamContext } from "./sources.ts";
import type { RunningStack, StartStackOptions } from "./stack-options.ts";
import { type RunningUpstreams, startUpstreams } from "./start-upstreams.ts";
import { waitForApi } from "./wait-for-api.ts";

/** Parts of a stack as they come into being; what is there is what must be ended. */
interface Parts {
  gateway?: Gateway;
  emulator?: RunningEmulator;
  upstreams?: RunningUpstreams;
  stackOutputs?: StackOutputs;
  faults?: FaultLayer;
  webSockets?: WebSockets;
  outputs?: Outputs;
}

const ownIdentity = (): ProcessIdentity => {
  const identity = identify(process.pid);
  if (!identity)
    throw new LocalError("this system does not report when a process was started (no /proc, no ps): install ps");
  return identity;
};

const required = <Part>(part: Part | undefined, name: string): Part => {
  if (part === undefined) throw new LocalError(`internal: ${name} is used before it is there`);
  return part;
};

/**
 * Starts a whole local stack: emulator, simulators, bootstrap and deploy, secrets, users, gateway.
 * @throws LocalError when one is running in the same folder already, or a step fails; then nothing is left running.
 */
export const startStack = async (options: StartStackOptions): Promise<RunningStack> => {
  const { layout } = options;
  // Aborted by the caller, or by the first step that fails, so that steps beside it end too.
  const failing = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failing.signal]) : failing.signal;
  const ports = options.ports ?? { gateway: USUAL_GATEWAY_PORT, emulator: USUAL_EMULATOR_PORT };
  const found = await findRunning(layout);
  if (found.state === "dead") await clearDead(layout, found.run);
  else if (found.state !== "none") throw new LocalError(`a local stack is ${found.state} in ${layout.dir} already`);

  const parts: Parts = {};
  let run: RunFile = {
    instance_id: randomUUID(),
    state: "starting",
    main: ownIdentity(),
    gateway_url: null,
    emulator_url: null,
    children: [],
    products: {
      file: options.products.file === undefined ? null : resolve(options.products.file),
      keep_nulls: options.products.keepNulls,
    },
  };
  const record = (change: Partial<RunFile>): void => {
    run = { ...run, ...change };
    updateRunFile(layout.runFile, run);
  };
  const recordChild = (name: string, pid: number | null): void => {
    const identity = pid === null ? undefined : identify(pid);
    if (identity) record({ children: [...run.children, { name, identity }] });
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await parts.gateway?.stop();
      await parts.webSockets?.stop();
      await Promise.all([parts.emulator?.stop(), parts.upstreams?.process.stop()]);
      // Last: what a function asks for while it ends still has an answer.
      await parts.faults?.stop();
      // Addresses of a stack that is gone would only mislead.
      rmSync(layout.outputsFile, { force: true });
      removeRunFile(layout.runFile);
    })();
    return stopping;
  };

  mkdirSync(layout.dir, { recursive: true });
  createRunFile(layout.runFile, run);
  // A new stack knows nothing of the time that an earlier one was moved to.
  rmSync(layout.clockFile, { force: true });
  const startGatewayStep = async (): Promise<string> => {
    parts.gateway = await startGateway({
      port: ports.gateway,
      instanceId: run.instance_id,
      outputsFile: layout.outputsFile,
    });
    record({ gateway_url: parts.gateway.url });
    return parts.gateway.url;
  };
  const startEmulatorStep = async (say: (line: string) => void): Promise<string> => {
    const settings = {
      dir: layout.dir,
      port: ports.emulator,
      withoutRights: options.withoutRights ?? false,
      say,
      signal,
    };
    parts.emulator = await startEmulator(settings);
    record({ emulator_url: parts.emulator.url });
    recordChild("the emulator", parts.emulator.pid);
    return parts.emulator.url;
  };
  const startUpstreamsStep = async (): Promise<string> => {
    parts.upstreams = await startUpstreams(layout, SIMULATED_SOURCES, options.products);
    recordChild("the upstream simulators", parts.upstreams.process.pid);
    return options.products.file ? `serving ${options.products.file}` : "making products up from their ASINs";
  };
  const cdkOptions = (say: (line: string) => void) => ({
    layout,
    signal,
    ...(process.stdout.isTTY ? { onLine: say } : {}),
  });
  const finishStep = async (): Promise<void> => {
    const emulatorUrl = required(parts.emulator, "the emulator").url;
    const gateway = required(parts.gateway, "the gateway");
    const stack = required(parts.stackOutputs, "the deployed stack");
    const users = await createUsers(emulatorUrl, stack.auth.userPoolId);
    const webSockets = required(parts.webSockets, "the WebSockets");
    gateway.open({ emulatorUrl, apiId: stack.apiId, webSockets });
    parts.outputs = {
      apiUrl: `${gateway.url}/api/v1`,
      webSocketUrl: `${gateway.url.replace(/^http/, "ws")}/live`,
      consoleUrl: gateway.url,
      emulatorUrl,
      auth: stack.auth,
      users,
      upstreams: { ...required(parts.upstreams, "the simulators").upstreams },
      ...(parts.faults ? { faults: { url: parts.faults.url, controlUrl: parts.faults.controlUrl } } : {}),
      queues: stack.queues,
      topics: stack.topics,
      tables: stack.tables,
      bucket: stack.bucket,
      eventBus: stack.eventBus.name,
    };
    await waitForApi(parts.outputs.apiUrl, layout, signal);
    writeOutputs(layout.outputsFile, parts.outputs);
    record({ state: "ready" });
  };

  let failure: unknown;
  const underWay: Promise<unknown>[] = [];
  const step = (title: string, work: (say: (line: string) => void) => Promise<string | undefined>) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }): Promise<void> => {
      signal.throwIfAborted();
      const working = work((line) => {
        task.output = line;
      });
      underWay.push(working);
      try {
        const result = await working;
        if (result) task.title = `${title}: ${result}`;
      } catch (error) {
        failure ??= error;
        failing.abort();
        // The cause is printed once, at the end; here it would be printed several times.
        throw new Error("failed");
      }
    },
  });
  const tasks = new Listr(
    [
      step("Gateway takes its port", startGatewayStep),
      step("Upstream simulators start (they keep the real limits)", startUpstreamsStep),
      {
        title: "AWS emulator and CDK app, side by side",
        task: (_, task) =>
          task.newListr(
            [
              step("AWS emulator starts", async (say) => {
                const url = await startEmulatorStep(say);
                say("cdk bootstrap");
                await cdkBootstrap(url, cdkOptions(say));
                return `${url}, bootstrapped`;
              }),
              step("CDK app is synthesised", async (say) => {
                const gatewayUrl = required(parts.gateway, "the gateway").url;
                const { upstreams } = required(parts.upstreams, "the simulators");
                const context = upstreamContext(
                  upstreams,
                  gatewayUrl,
                  layout.clockFile,
                  options.settings,
                  options.bundles,
                );
                await cdkSynth(context, cdkOptions(say));
                return undefined;
              }),
            ],
            { concurrent: true },
          ),
      },
      step("All stacks are deployed", async (say) => {
        await cdkDeploy(required(parts.emulator, "the emulator").url, cdkOptions(say));
        parts.stackOutputs = readStackOutputs(layout.stackOutputsFile);
        const { url } = required(parts.emulator, "the emulator");
        await fixCors(url, parts.stackOutputs.apiId);
        await addArchive(url, parts.stackOutputs.eventBus.arn);
        return undefined;
      }),
      step("Functions reach AWS through the fault layer", async () => {
        if (options.withoutFaultLayer) return "left out";
        const emulatorUrl = required(parts.emulator, "the emulator").url;
        parts.faults = await startFaultLayer(emulatorUrl);
        const { functions } = required(parts.stackOutputs, "the deployed stack");
        const keys = await rerouteFunctions(emulatorUrl, functions, parts.faults.url);
        for (const one of keys) parts.faults.proxy.keyRing.add(one);
        return undefined;
      }),
      step("WebSockets are served", async () => {
        const { webSocketApiId: apiId, functions } = required(parts.stackOutputs, "the deployed stack");
        const { url: emulatorUrl } = required(parts.emulator, "the emulator");
        const withoutRights = options.withoutRights ?? false;
        parts.webSockets = await serveStage({ emulatorUrl, apiId, functions, withoutRights });
        return undefined;
      }),
      step("Credentials of the simulators are stored as secrets", async () => {
        const values = (options.configured ?? CONFIGURED_SOURCES).map((id) => [id, LOCAL_CREDENTIALS[id]] as const);
        await putSecrets(required(parts.emulator, "the emulator").url, Object.fromEntries(values));
        return undefined;
      }),
      step("Three users are made and the API answers", async () => {
        await finishStep();
        return undefined;
      }),
    ],
    {
      concurrent: false,
      exitOnError: true,
      registerSignalListeners: false,
      renderer: options.show === "nothing" ? "silent" : "default",
      fallbackRenderer: "simple",
      rendererOptions: { collapseErrors: false, collapseSubtasks: false, showErrorMessage: false, timer: PRESET_TIMER },
      fallbackRendererOptions: { timer: PRESET_TIMER },
    },
  );
  try {
    await tasks.run();
    const emulator = required(parts.emulator, "the emulator");
    const upstreams = required(parts.upstreams, "the simulators");
    const broken = Promise.race([
      emulator.ended.then((how) => `the emulator ${how}`),
      upstreams.process.ended.then((how) => `the upstream simulators ${how}`),
    ]);
    return { outputs: required(parts.outputs, "the outputs"), faults: parts.faults, broken, stop };
  } catch (error) {
    failing.abort();
    await Promise.allSettled(underWay);
    await stop();
    throw failure ?? error;
  }
};
