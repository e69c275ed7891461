// How is another library, in a process of its own, told to compute and to time itself?
//
// Between rounds a peer waits for its next line and takes no time. One that is not installed is missing from the tables, and
// the tables say so.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const root = dirname(createRequire(import.meta.url).resolve("stillpoint/package.json"));
export const inPeers = (...path: readonly string[]): string => join(root, "bench", "peers", ...path);

/** Numbers with a shape, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface About {
  readonly name: string;
  readonly version: string;
  readonly precision: "float32" | "float64";
  /** What multiplies matrices, where that can differ. */
  readonly products?: string;
}

export interface Peer {
  readonly about: About;
  /** Prepares a task, and names the ways to run it: none if the library cannot do it. */
  prepare(
    task: string,
    inputs: Readonly<Record<string, Numbers>>,
    options: Readonly<Record<string, number>>,
  ): Promise<readonly string[]>;
  /** Runs a way of the task so many times, and returns its last outputs. */
  run(way: string, times?: number): Promise<readonly Float64Array[]>;
  /** Milliseconds per run. */
  time(way: string, seconds: number): Promise<number>;
  close(): void;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Message = Readonly<Record<string, unknown>>;

const decode = (text: string): Float64Array => new Float64Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);

const encode = ({ shape, data }: Numbers): Message => ({
  shape,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64"),
});

/** Answers of a process, line by line. @throws Error if it ends, or answers with an error */
function conversation(child: ChildProcess): (message?: Message) => Promise<Message> {
  if (child.stdin === null || child.stdout === null || child.stderr === null) throw new Error("a peer has no pipes");
  const { stdin } = child;
  let complaints = "";
  child.stderr.on("data", (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000);
  });
  stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise<never>((_, reject) => child.on("error", reject));
  failed.catch(() => undefined);
  return async (message) => {
    if (message !== undefined) stdin.write(`${JSON.stringify(message)}\n`);
    const { done, value } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`a peer ended: ${complaints}`);
    const answer = JSON.parse(value) as Message;
    if (answer.error !== undefined) throw new Error(String(answer.error));
    return answer;
  };
}

/** Starts a program that speaks the language of peers/serve.mjs. @throws Error if it does not start */
export async function startPeer(
  command: string,
  parameters: readonly string[],
  environment: Environment = {},
): Promise<Peer> {
  const env = { ...process.env, ...environment };
  const child = spawn(command, parameters, { cwd: inPeers(), env, stdio: ["pipe", "pipe", "pipe"] });
  const ask = conversation(child);
  const about = (await ask().catch((error) => {
    child.kill();
    throw error;
  })) as unknown as About;
  return {
    about,
    async prepare(task, inputs, options) {
      const encoded = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, encode(input)]));
      return (await ask({ task, inputs: encoded, options })).ways as readonly string[];
    },
    run: async (way, times = 1) => ((await ask({ run: way, times })).outputs as readonly string[]).map(decode),
    time: async (way, seconds) => (await ask({ time: way, seconds })).milliseconds as number,
    close: () => child.kill(),
  };
}

const pythons = ["python3", "/usr/bin/python3"];

/** OpenBLAS chooses its kernels for the processor; where they are wrong, the choice of the environment is kept. */
const kernels: readonly Environment[] = [{ OPENBLAS_CORETYPE: undefined, OPENBLAS_L2_SIZE: undefined }, {}];

/** PyTorch with the fastest kernels that compute right products, or undefined where there is no PyTorch. */
export async function startTorch(): Promise<Peer | undefined> {
  for (const python of pythons) {
    for (const environment of kernels) {
      try {
        return await startPeer(python, [inPeers("torch", "serve.py")], environment);
      } catch {}
    }
  }
  return undefined;
}

export type PeerName = "torch" | "jax float64" | "jax float32" | "tfjs cpu" | "tfjs wasm";

export interface Peers {
  readonly started: readonly Peer[];
  /** Who is there, and who is not, and what to do about it. */
  readonly notes: readonly string[];
  close(): void;
}

export async function startPeers(names: readonly PeerName[]): Promise<Peers> {
  const started: Peer[] = [];
  const missing: string[] = [];
  const installed = existsSync(inPeers("node_modules"));
  for (const name of names) {
    if (name === "torch") {
      const torch = await startTorch();
      if (torch) started.push(torch);
      else missing.push("PyTorch is not there: apt-get install python3-torch libopenblas0-pthread.");
    } else if (installed) {
      started.push(await startPeer(process.execPath, [inPeers("serve.mjs"), ...name.split(" ")]));
    } else {
      missing.push(`${name} is not there: npm run bench:peers.`);
    }
  }
  const close = (): void => {
    for (const peer of started) peer.close();
  };
  const versions = new Set(
    started.map(({ about: { name, version, products } }) => `${name} ${version}${products ? ` with ${products}` : ""}`),
  );
  const there = versions.size > 0 ? [`Measured beside: ${[...versions].join(", ")}.`] : [];
  return { started, notes: [...there, ...missing], close };
}
