// What does this room offer?
export { startThreads, type Threads } from "./threads.js";
