// What does this room offer?
export { detectAnomalies } from "./anomalies.js";
