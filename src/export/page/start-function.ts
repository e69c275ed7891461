// What runs in the page of a function?
import { functionMachine } from "./function.js";
import { operationsOfFunctions } from "./more-operations.js";
import { start } from "./start.js";

start(functionMachine, operationsOfFunctions);
