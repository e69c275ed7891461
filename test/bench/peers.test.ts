// Does a library in a process of its own compute, and time itself, when it is told to?
import { describe, expect, test } from "vitest";
import { inPeers, startPeer } from "../../bench/peers.js";

const start = () => startPeer(process.execPath, [inPeers("serve.mjs"), "../../test/bench/fake-library", "float64"]);
const x = { shape: [3, 1], data: Float64Array.of(0.1, 0.2, 1e-300) };

describe("a peer", () => {
  test("says what it is, computes and times", async () => {
    const peer = await start();
    try {
      expect(peer.about).toEqual({ name: "fake", version: "1", precision: "float64" });
      expect(await peer.prepare("sum", { x }, { times: 2 })).toEqual(["sum", "broken"]);
      expect(await peer.run("sum", 3)).toEqual([Float64Array.of(2 * (0.1 + 0.2)), Float64Array.of(3, 1)]);
      expect(await peer.time("sum", 0.01)).toBeGreaterThan(0);
    } finally {
      peer.close();
    }
  });
  test("that cannot do a task has no way to do it", async () => {
    const peer = await start();
    try {
      expect(await peer.prepare("unknown", {}, {})).toEqual([]);
    } finally {
      peer.close();
    }
  });
  test("passes errors on, and goes on", async () => {
    const peer = await start();
    try {
      await peer.prepare("sum", { x }, { times: 1 });
      await expect(peer.run("broken")).rejects.toThrow("it does not converge");
      expect((await peer.run("sum")).length).toBe(2);
    } finally {
      peer.close();
    }
  });
  test("that does not start, or ends, is an error", async () => {
    await expect(startPeer("no-such-program", [])).rejects.toThrow();
    await expect(startPeer(process.execPath, ["--eval", "console.error('no torch'); process.exit(1)"])).rejects.toThrow(
      "no torch",
    );
  });
});
