// What runs in the page of an equilibrium?
import { equilibriumMachine } from "./equilibrium.js";
import { operationsOfSolves } from "./operations.js";
import { start } from "./start.js";

start(equilibriumMachine, operationsOfSolves);
