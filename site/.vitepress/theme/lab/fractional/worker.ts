// How is a fractional equation solved beside the page?
import { type Scene, type Settings, sceneOf } from "./scene.js";

export type Answer =
  | { readonly scene: Scene; readonly problem: "" }
  | { readonly scene: undefined; readonly problem: string };

addEventListener("message", ({ data }: MessageEvent<Settings>) => {
  let answer: Answer;
  try {
    answer = { scene: sceneOf(data), problem: "" };
  } catch (error) {
    answer = { scene: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
  postMessage(answer);
});
