// How does a function run without being run again?
import { makePlan, type Plan, replaySlots } from "../readings/index.js";
import { listeningTapes, makeBinding, refuseClosure, type TracedProgram, traceAs } from "../tape/index.js";
import { checkFunction, checkOptions, flattenTree, nextSerial, Tensor, unflattenTree } from "../tensor/index.js";

interface Version {
  readonly program: TracedProgram;
  readonly plan: Plan;
  readonly bind: ReturnType<typeof makeBinding>;
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
  const versions: Version[] = [];

  function addVersion(xs: A): Version {
    const before = nextSerial();
    const program = traceAs("jit", f as (...args: never[]) => unknown, xs);
    refuseClosure(
      "jit",
      program,
      before,
      allowed,
      "it could change unseen; pass it as an argument, or list it in constants if it never changes",
    );
    const version = { program, plan: makePlan(program), bind: makeBinding(program) };
    versions.push(version);
    return version;
  }

  return (...xs) => {
    let inputs: readonly Tensor[] | undefined;
    const known = versions.find(({ bind }) => {
      inputs = bind(xs);
      return inputs !== undefined;
    });
    const { program, plan, bind } = known ?? addVersion(xs);
    const bound = inputs ?? (bind(xs) as readonly Tensor[]);
    const outputs =
      listeningTapes() > 0
        ? replaySlots(program, bound)
        : plan
            .run(bound.map((x) => x.data))
            .map((data, i) => new Tensor(program.shapes[program.outputs[i]], data.slice()));
    return unflattenTree(program.outputForm, outputs) as Y;
  };
}
