// What does this room offer?
export { loadSafetensors, type SafetensorsType, saveSafetensors } from "./safetensors.js";
export { loadTraining, saveTraining } from "./training.js";
