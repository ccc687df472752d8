import { cpus, loadavg, totalmem } from "node:os";

/** One line on what the figures were measured with; the load shows whether the machine was busy with other work. */
export const machineLine = (): string => {
  const [model = "unknown processor"] = cpus().map((cpu) => cpu.model);
  const load = loadavg()[0] ?? 0;
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, load ${load.toFixed(1)} before the start`;
};
