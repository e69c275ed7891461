// Where does a snippet run, and how is it stopped?
import type { Message } from "./messages.js";

/** Runs a text in a worker of its own. `hear` gets what it tells, the last message being "done" or "error" of the worker itself. */
export function start(text: string, hear: (message: Message) => void): { stop(): void } {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Message>) => {
    hear(data);
    if (data.kind === "done") worker.terminate();
  });
  worker.addEventListener("error", ({ message }) => {
    worker.terminate();
    hear({
      kind: "error",
      line: undefined,
      name: "Error",
      message: message || "what runs the snippets could not be loaded",
    });
    hear({ kind: "done", claims: 0, milliseconds: 0 });
  });
  worker.postMessage(text);
  return { stop: () => worker.terminate() };
}
