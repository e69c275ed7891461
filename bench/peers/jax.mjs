// How does one write the tasks with @jax-js/jax?
//
// It keeps count of references: an array that is passed on is given away, unless `.ref` is passed.
import { readFileSync } from "node:fs";

// Node 20 and 22 have none, and the library asks whether an array is one.
globalThis.Float16Array ??= class Float16Array {};
const { init, jit, nn, numpy: np, tree, valueAndGrad } = await import("@jax-js/jax");
const manifest = new URL("./node_modules/@jax-js/jax/package.json", import.meta.url);

export async function open(dtype) {
  await init("wasm");
  const Numbers = dtype === "float64" ? Float64Array : Float32Array;
  const array = ({ shape, data }) => np.array(new Numbers(data), { dtype, shape });
  const scalar = (x) => np.array(new Numbers([x]), { dtype, shape: [] });

  const applyChain = (length) => (x, w, b) => {
    let y = x;
    for (let i = 0; i < length; i++) y = np.tanh(np.matmul(y, w.ref).add(b.ref));
    w.dispose();
    b.dispose();
    return y;
  };

  function chain({ x, w, b }, { length }) {
    const inputs = [x, w, b].map(array);
    const given = () => inputs.map((input) => input.ref);
    const forward = applyChain(length);
    const both = valueAndGrad((...xs) => np.sum(forward(...xs)), { argnums: [0, 1, 2] });
    const read = ([value, gradient]) => {
      value.dispose();
      return gradient.map((part) => part.dataSync());
    };
    const [compiledForward, compiledBoth] = [jit(forward), jit(both)];
    return {
      "forward, jit": () => [compiledForward(...given()).dataSync()],
      "both, jit": () => read(compiledBoth(...given())),
      "forward, eager": () => [forward(...given()).dataSync()],
      "both, eager": () => read(both(...given())),
    };
  }

  function mlp({ x, labels, ...weights }, { rate, beta1, beta2, epsilon, period }) {
    const [inputs, targets] = [array(x), array(labels)];
    const batch = x.shape[0];
    const layers = Object.keys(weights).length / 2;
    const loss = (params, x, labels) => {
      let y = x;
      for (let i = 0; i < layers; i++) {
        y = np.matmul(y, params[2 * i]).add(params[2 * i + 1]);
        if (i < layers - 1) y = nn.relu(y);
      }
      return np.sum(labels.mul(nn.logSoftmax(y))).mul(-1 / batch);
    };
    const step = jit((params, means, squares, c1, c2, x, labels) => {
      const [value, gradient] = valueAndGrad(loss)(tree.ref(params), x, labels);
      const nextMeans = means.map((m, i) => m.mul(beta1).add(gradient[i].ref.mul(1 - beta1)));
      const nextSquares = squares.map((v, i) => v.mul(beta2).add(np.square(gradient[i]).mul(1 - beta2)));
      const next = params.map((p, i) => {
        const scale = np.sqrt(nextSquares[i].ref.div(c2.ref)).add(epsilon);
        return p.sub(nextMeans[i].ref.div(c1.ref).div(scale).mul(rate));
      });
      c1.dispose();
      c2.dispose();
      return [value, next, nextMeans, nextSquares];
    });
    const initial = Array.from({ length: 2 * layers }, (_, i) => weights[`p${i}`]);
    const zero = ({ shape, data }) => ({ shape, data: new Float64Array(data.length) });
    let [t, params, means, squares] = [period, [], [], []];
    return {
      step: () => {
        if (t === period) {
          tree.dispose([params, means, squares]);
          t = 0;
          params = initial.map(array);
          [means, squares] = [0, 1].map(() => initial.map((p) => array(zero(p))));
        }
        t++;
        const corrections = [scalar(1 - beta1 ** t), scalar(1 - beta2 ** t)];
        let value;
        [value, params, means, squares] = step(params, means, squares, ...corrections, inputs.ref, targets.ref);
        // Reading the loss does not compute the rest.
        return [value.dataSync(), ...params.map((p) => p.ref.dataSync())];
      },
    };
  }

  function product({ a, b }) {
    const [left, right] = [array(a), array(b)];
    return { product: () => [np.matmul(left.ref, right.ref).dataSync()] };
  }

  function layer({ w, u, b, x }, { tolerance, most }) {
    const [wArray, uArray, bArray, xArray] = [w, u, b, x].map(array);
    const affine = jit((x, u, b) => np.matmul(x, u).add(b));
    const apply = (z, w, drive) => np.tanh(np.matmul(z, w).add(drive));
    const forward = jit((z, w, drive) => {
      const next = apply(z.ref, w, drive);
      return [next.ref, np.max(np.abs(next.sub(z)))];
    });
    const slopes = jit((z, w, drive) =>
      np
        .square(apply(z, w, drive))
        .mul(-1)
        .add(1),
    );
    const backward = jit((a, slope, w) => {
      const next = np.matmul(a.ref.mul(slope), np.transpose(w)).add(1);
      return [next.ref, np.max(np.abs(next.sub(a)))];
    });
    const gradient = jit((a, slope, z, x) => {
      const g = a.mul(slope);
      return [np.matmul(np.transpose(z), g.ref), np.matmul(np.transpose(x), g.ref), np.sum(g, 0)];
    });
    const solve = (start, next) => {
      let z = start;
      for (let steps = 1; ; steps++) {
        const [image, residual] = next(z);
        z = image;
        if (residual.dataSync()[0] <= tolerance) return z;
        if (steps === most) throw new Error(`${tolerance} was not reached in ${steps} steps`);
      }
    };
    const shape = { shape: x.shape, data: new Float64Array(x.data.length) };
    return {
      "forward and backward": () => {
        const drive = affine(xArray.ref, uArray.ref, bArray.ref);
        const z = solve(array(shape), (z) => forward(z, wArray.ref, drive.ref));
        const slope = slopes(z.ref, wArray.ref, drive);
        const a = solve(array({ ...shape, data: shape.data.map(() => 1) }), (a) => backward(a, slope.ref, wArray.ref));
        return gradient(a, slope, z, xArray.ref).map((part) => part.dataSync());
      },
    };
  }

  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return { about: { name: "jax-js", version, precision: dtype }, tasks: { chain, mlp, product, layer } };
}
