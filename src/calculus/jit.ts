// How does a function run without being run again?
import { makePlan, type Plan, replaySlots } from "../readings/index.js";
import { listeningTapes, type TracedProgram, traceAs } from "../tape/index.js";
import {
  checkFunction,
  checkOptions,
  DomainError,
  flattenTree,
  nextSerial,
  showShape,
  Tensor,
  unflattenTree,
} from "../tensor/index.js";

interface Version {
  readonly program: TracedProgram;
  readonly plan: Plan;
}

/**
 * f, run as a plan: f itself runs once for each set of argument shapes, and every later call only runs kernels.
 *
 * Every tensor that f uses is an argument, made inside f from numbers, or listed in `constants`; one that f merely closes
 * over is refused, so that nothing goes stale. Numbers, and tensors made from them inside f, are frozen when f is traced:
 * pass a number that changes as an argument. Inside a derivative or a trace the operations of f are applied one by one,
 * and heard.
 *
 * @throws DomainError if f closes over a tensor that is not listed.
 * @throws TraceError if f reads values.
 * @example jit((x) => mul(x, x))(tensor(3)).item() // → 9
 */
export function jit<A extends unknown[], Y>(
  f: (...xs: A) => Y,
  options: { readonly constants?: unknown } = {},
): (...xs: A) => Y {
  checkFunction("jit", f);
  checkOptions("jit", options, ["constants"]);
  const allowed = new Set(flattenTree("jit: constants", options.constants ?? []).leaves);
  const versions = new Map<string, Version>();

  function versionFor(xs: A, leaves: readonly Tensor[], form: unknown): Version {
    const key = `${JSON.stringify(form)} ${leaves.map((x) => showShape(x.shape)).join(" ")}`;
    const known = versions.get(key);
    if (known !== undefined) return known;
    const before = nextSerial();
    const program = traceAs("jit", f as (...args: never[]) => unknown, xs);
    const foreign = program.closure.filter((x) => x.serial < before && !allowed.has(x));
    if (foreign.length > 0) {
      throw new DomainError(
        `jit: expected f to use its arguments only, received a closure over ${foreign.map((x) => showShape(x.shape)).join(", ")}: ` +
          "it could change unseen; pass it as an argument, or list it in constants if it never changes",
      );
    }
    const version = { program, plan: makePlan(program) };
    versions.set(key, version);
    return version;
  }

  return (...xs) => {
    const { leaves, form } = flattenTree("jit", xs);
    const { program, plan } = versionFor(xs, leaves, form);
    const inputs = [...leaves, ...program.closure];
    const outputs =
      listeningTapes() > 0
        ? replaySlots(program, inputs)
        : plan
            .run(inputs.map((x) => x.data))
            .map((data, i) => new Tensor(program.shapes[program.outputs[i]], data.slice()));
    return unflattenTree(program.outputForm, outputs) as Y;
  };
}
