// What does this page, or this worker, make of the values?
import * as library from "/dist/browser/stillpoint.js";
import { evaluate, withFault } from "./evaluate.mjs";

const { searchParams } = new URL(import.meta.url);
if (searchParams.has("threads")) await library.workers.startThreads(2);
const report = evaluate(searchParams.has("fault") ? withFault(library) : library);
// A worker has no window, and tells who made it.
if (globalThis.document === undefined) globalThis.postMessage(report);
else globalThis.report = report;
