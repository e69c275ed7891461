// What does a thread of a team run?
import { type Invitation, listen } from "../typed-array-ops/webassembly/team.js";

/** The other end: of a Web Worker, or of a thread of Node. */
interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: Invitation }) => void): void;
  start?(): void;
  close(): void;
}

const node = "node:worker_threads";
const scope = globalThis as unknown as Partial<Port>;
const port = (typeof scope.postMessage === "function" ? scope : (await import(node)).parentPort) as Port;

port.addEventListener("message", ({ data }) => {
  port.postMessage("listening");
  listen(data);
  port.close();
});
port.start?.();
