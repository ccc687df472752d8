/** A process that can die: from then on nothing that it does has any effect, and nothing it waits for ever comes. */
export class Mortal {
  #dead = false;
  #die: () => void = () => undefined;
  /** Resolves when the process dies. */
  readonly died = new Promise<"died">((resolve) => {
    this.#die = () => resolve("died");
  });

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  /** The same object as this process sees it. `dieAfter` names a method whose effect happens, and then it dies. */
  wrap<T extends object>(target: T, dieAfter?: { method: keyof T & string; when?: () => boolean }): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member = Reflect.get(object, name, object) as unknown;
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          if (this.#dead) return new Promise(() => undefined);
          const result: unknown = await Reflect.apply(member, object, args);
          if (name === dieAfter?.method && (dieAfter.when?.() ?? true)) this.kill();
          return this.#dead ? new Promise(() => undefined) : result;
        };
      },
    });
  }
}
