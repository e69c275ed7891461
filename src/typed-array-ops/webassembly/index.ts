// What is said about WebAssembly?
export { setWebAssembly } from "./engine.js";
