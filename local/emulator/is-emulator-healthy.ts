import * as z from "zod";

const HealthSchema = z.object({ services: z.record(z.string(), z.unknown()) });

/** Says whether an AWS emulator answers at `url`. False for anything else, a real AWS endpoint included. */
export const isEmulatorHealthy = async (url: string): Promise<boolean> => {
  for (const path of ["/_ministack/health", "/_localstack/health"]) {
    try {
      const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(5_000) });
      if (response.ok && HealthSchema.safeParse(await response.json()).success) return true;
    } catch {
      // nobody there, or no JSON: not healthy
    }
  }
  return false;
};
