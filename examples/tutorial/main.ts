// tmp
import { runRepairedExperiment } from "./repaired-experiment.js";
const t = performance.now();
const r = await runRepairedExperiment({ hiddenSeed: 0, epochs: 4, onProgress: (l) => console.log(l, (performance.now()-t)/1000) });
console.log(r.variance, r.constant, r.best.error, r.worst.error);
