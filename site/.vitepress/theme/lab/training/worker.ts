// Where does training run, so that the page stays free?
import type { FromTrainer, ToTrainer } from "./protocol.js";
import { makeTrainer } from "./trainer.js";

const trainer = makeTrainer((message: FromTrainer) => postMessage(message));
addEventListener("message", ({ data }: MessageEvent<ToTrainer>) => {
  void trainer.receive(data);
});
