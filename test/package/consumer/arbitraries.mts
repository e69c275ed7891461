// Do the arbitraries have types beside fast-check?
import fc from "fast-check";
import type { Tensor } from "stillpoint";
import { tensors } from "stillpoint/verify/arbitraries";

fc.assert(fc.property(tensors([2]), (x: Tensor) => x.data.length >= 0));
