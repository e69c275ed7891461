// How many threads compute?
//
// Plans divide the rows of their loops among the threads; a sum over rows is divided by columns, so that every sum has the
// order that it has on one thread, and the bits are those of one thread, however many there are.
import { checkCount, DomainError } from "../tensor/index.js";
import { formTeam, type Invitation, makeSharedMemory, type Team } from "../typed-array-ops/webassembly/team.js";

export interface Threads {
  /** How many compute, the one that asks among them. */
  readonly count: number;
  /** From here on one thread computes. */
  stop(): void;
}

/** What of a Web Worker, or of a thread of Node, is used. */
interface Thread {
  postMessage(message: Invitation): void;
  terminate(): unknown;
  addEventListener?(type: string, listener: (event: { message?: string }) => void): void;
  on?(type: string, listener: (event: { message?: string }) => void): void;
  unref?(): void;
}
type ThreadClass = new (url: object, options: { type: "module" }) => Thread;
type AddressClass = new (path: string, base: string) => object;

async function threadClass(): Promise<ThreadClass> {
  const { Worker } = globalThis as { Worker?: ThreadClass };
  const node = "node:worker_threads";
  return Worker ?? ((await import(node)) as { Worker: ThreadClass }).Worker;
}

/** Resolves when the thread listens. */
function begun(thread: Thread, invitation: Invitation): Promise<void> {
  return new Promise((resolve, reject) => {
    const hear = (type: string, act: (event: { message?: string }) => void): void => {
      if (thread.addEventListener) thread.addEventListener(type, act);
      else thread.on?.(type, act);
    };
    hear("message", () => resolve());
    hear("error", ({ message }) => reject(new DomainError(`startThreads: a thread did not start: ${message}`)));
    thread.postMessage(invitation);
  });
}

let running: Team | undefined;

/**
 * Makes plans compute on so many threads, the one that asks among them: what solvers, `jit` and `compile` run from then on, where
 * their loops are long enough. The bits are those of one thread. One team runs at a time; in Node it does not keep the process
 * alive. A page has to be cross-origin isolated, and should ask from a worker, since the thread that asks waits for the others.
 *
 * @throws DomainError where threads cannot share memory, or while a team runs.
 * @example (await startThreads(1)).count // → 1
 */
export async function startThreads(count: number): Promise<Threads> {
  checkCount("startThreads", "count", count);
  if (running?.ready()) {
    throw new DomainError(
      "startThreads: expected no threads at work, received a second call: stop() the first ones before",
    );
  }
  if (count === 1) return { count, stop: () => {} };
  const memory = makeSharedMemory();
  if (memory === undefined) {
    throw new DomainError(
      `startThreads: expected WebAssembly and memory that threads share, received none here: serve the page with the headers ` +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or go on with one thread",
    );
  }
  // Under these names, in this form, bundlers see which file a thread runs.
  const Worker = await threadClass();
  const { URL } = globalThis as unknown as { URL: AddressClass };
  const threads: Thread[] = [];
  try {
    await Promise.all(
      Array.from({ length: count - 1 }, (_, i) => {
        const thread = new Worker(new URL("./worker.js", (import.meta as { url: string }).url), { type: "module" });
        threads.push(thread);
        return begun(thread, { memory, part: i + 1, parts: count });
      }),
    );
  } catch (error) {
    for (const thread of threads) thread.terminate();
    throw error;
  }
  for (const thread of threads) thread.unref?.();
  const team = formTeam(memory, count);
  running = team;
  return { count, stop: () => team.stop() };
}
