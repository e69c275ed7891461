// What does this room offer?
export { exportHtml } from "./export-html.js";
export type { EquilibriumModel, ExportOptions, FractionalModel, FunctionModel, Model, Range } from "./model.js";
export type { Observations, Quantity, Slider } from "./payload.js";
