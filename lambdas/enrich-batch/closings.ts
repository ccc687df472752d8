/** Whether this instance closed a breaker for which nothing was woken yet. */
export class Closings {
  #isOpen = false;

  /** Notes that this instance closed a breaker. */
  note(): void {
    this.#isOpen = true;
  }

  /** Whether any was closed since the last call. */
  take(): boolean {
    const was = this.#isOpen;
    this.#isOpen = false;
    return was;
  }
}
