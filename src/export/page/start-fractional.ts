// What runs in the page of a fractional equation?
import { fractionalMachine } from "./fractional.js";
import { operationsOfSolves } from "./operations.js";
import { start } from "./start.js";

start(fractionalMachine, operationsOfSolves);
