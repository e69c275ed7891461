// How does one write the tasks with @tensorflow/tfjs?
//
// All of its numbers are float32.
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";

const require = createRequire(import.meta.url);

export async function open(backend) {
  const tf = require("@tensorflow/tfjs");
  if (backend === "wasm") {
    const wasm = require("@tensorflow/tfjs-backend-wasm");
    wasm.setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  }
  await tf.setBackend(backend);
  /** The numbers of the tensors that f returns; all that it makes is freed. tidy would search them for tensors, one by one. */
  const read = (f) => {
    let numbers = [];
    tf.tidy(() => {
      numbers = f().map((tensor) => tensor.dataSync());
    });
    return numbers;
  };
  const array = ({ shape, data }) => tf.tensor(Float32Array.from(data), shape);

  function chain({ x, w, b }, { length }) {
    const inputs = [x, w, b].map(array);
    const forward = (x, w, b) => {
      let y = x;
      for (let i = 0; i < length; i++) y = tf.tanh(tf.add(tf.matMul(y, w), b));
      return y;
    };
    const gradients = tf.grads((...xs) => tf.sum(forward(...xs)));
    return {
      "forward, eager": () => read(() => [forward(...inputs)]),
      "both, eager": () => read(() => gradients(inputs)),
    };
  }

  function mlp({ x, labels, ...weights }, { rate, beta1, beta2, epsilon, period }) {
    const [inputs, targets] = [array(x), array(labels)];
    const batch = x.shape[0];
    const initial = Array.from({ length: Object.keys(weights).length }, (_, i) => weights[`p${i}`]);
    const layers = initial.length / 2;
    let [t, params, optimiser] = [period, [], undefined];
    const loss = () => {
      let y = inputs;
      for (let i = 0; i < layers; i++) {
        y = tf.add(tf.matMul(y, params[2 * i]), params[2 * i + 1]);
        if (i < layers - 1) y = tf.relu(y);
      }
      return tf.mul(tf.sum(tf.mul(targets, tf.logSoftmax(y))), -1 / batch);
    };
    return {
      step: () => {
        if (t === period) {
          for (const p of params) p.dispose();
          optimiser?.dispose();
          params = initial.map((p) => tf.tidy(() => tf.variable(array(p))));
          optimiser = tf.train.adam(rate, beta1, beta2, epsilon);
          t = 0;
        }
        t++;
        const value = optimiser.minimize(loss, true, params);
        const read = [value.dataSync(), ...params.map((p) => p.dataSync())];
        value.dispose();
        return read;
      },
    };
  }

  function product({ a, b }) {
    const [left, right] = [array(a), array(b)];
    return { product: () => read(() => [tf.matMul(left, right)]) };
  }

  function layer({ w, u, b, x }, { tolerance, most }) {
    const [wArray, uArray, bArray, xArray] = [w, u, b, x].map(array);
    /** z with z = next(z); what next makes is freed but for z. */
    const solve = (start, next) => {
      let z = start;
      for (let steps = 1; ; steps++) {
        const [image, residual] = tf.tidy(() => {
          const y = next(z);
          return [y, tf.max(tf.abs(tf.sub(y, z)))];
        });
        const size = residual.dataSync()[0];
        tf.dispose([z, residual]);
        z = image;
        if (size <= tolerance) return z;
        if (steps === most) throw new Error(`${tolerance} was not reached in ${steps} steps`);
      }
    };
    return {
      "forward and backward": () =>
        read(() => {
          const drive = tf.add(tf.matMul(xArray, uArray), bArray);
          const z = solve(tf.zeros(x.shape), (z) => tf.tanh(tf.add(tf.matMul(z, wArray), drive)));
          const slope = tf.sub(1, tf.square(tf.tanh(tf.add(tf.matMul(z, wArray), drive))));
          const a = solve(tf.ones(x.shape), (a) => tf.add(tf.matMul(tf.mul(a, slope), wArray, false, true), 1));
          const g = tf.mul(a, slope);
          return [tf.matMul(z, g, true), tf.matMul(xArray, g, true), tf.sum(g, 0)];
        }),
    };
  }

  const { version } = require("@tensorflow/tfjs/package.json");
  return { about: { name: `tfjs-${backend}`, version, precision: "float32" }, tasks: { chain, mlp, product, layer } };
}
