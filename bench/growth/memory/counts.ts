/** What the simulated services were asked for. */
export class Counts {
  /** By `service:operation`. */
  requests = new Map<string, number>();
  writeUnits = 0;
  readUnits = 0;

  add(service: string, operation: string): void {
    const name = `${service}:${operation}`;
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1);
  }
}

/** Milliseconds of virtual time that a request takes. */
export const LATENCY_MS = { dynamodb: 5, transaction: 12, sqs: 8, s3: 25, secretsmanager: 20, upstream: 20 } as const;
