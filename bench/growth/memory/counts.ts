/** What the simulated services were asked for. */
export class Counts {
  /** By `service:operation`. */
  requests = new Map<string, number>();
  writeUnits = 0;
  readUnits = 0;
  /** Write units by table and operation, indexes apart. */
  writes = new Map<string, number>();

  add(service: string, operation: string): void {
    const name = `${service}:${operation}`;
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1);
  }

  /** @param what table and operation, or table and `indexes` */
  write(what: string, units: number): void {
    if (units === 0) return;
    this.writeUnits += units;
    this.writes.set(what, (this.writes.get(what) ?? 0) + units);
  }
}

/** Milliseconds of virtual time that a request takes. */
export const LATENCY_MS = { dynamodb: 5, transaction: 12, sqs: 8, s3: 25, secretsmanager: 20, upstream: 20 } as const;
