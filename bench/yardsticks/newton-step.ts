// How fast is one training step of the seed's experiment in hand-written loops?
//
// The equation is z_n = u₀ + Σ_{j ≤ n} A_nj f(z_j) with f a network d-h-h-d with ReLU; the loss is the mean squared error
// of z. It is solved as the library solves it, window by window with Newton's method, and differentiated by one sweep
// backwards in time. Samples are kept in pairs, see pair-loops.ts.
import {
  addRows,
  asTheyAre,
  fillPanels,
  inPairs,
  layer,
  makePanels,
  type NetworkWeights,
  none,
  outerSum,
  rectified,
  sampleSum,
  type TrainingProblem,
  type TrainingStep,
  whereMaskIsPositive,
} from "./pair-loops.js";

/** Newton steps for one window, and the share of the residual above which the Jacobian is computed anew. */
const patience = 12;
const slow = 0.1;

/** Solves m x = b in place, m of n rows of n, by elimination with partial pivoting. */
function eliminate(m: Float64Array, b: Float64Array, n: number): void {
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(m[r * n + c]) > Math.abs(m[pivot * n + c])) pivot = r;
    if (pivot !== c) {
      for (let j = c; j < n; j++) {
        const kept = m[c * n + j];
        m[c * n + j] = m[pivot * n + j];
        m[pivot * n + j] = kept;
      }
      const kept = b[c];
      b[c] = b[pivot];
      b[pivot] = kept;
    }
    const inverse = 1 / m[c * n + c];
    m[c * n + c] = inverse;
    for (let r = c + 1; r < n; r++) {
      const factor = m[r * n + c] * inverse;
      for (let j = c + 1; j < n; j++) m[r * n + j] -= factor * m[c * n + j];
      b[r] -= factor * b[c];
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    let sum = b[r];
    for (let j = r + 1; j < n; j++) sum -= m[r * n + j] * b[j];
    b[r] = sum * m[r * n + r];
  }
}

/** The first window is the whole trajectory if that is short; what is left of a long one is cut ever smaller. */
const windowSize = (nodes: number, left: number): number =>
  nodes <= 40 ? nodes : ([32, 8, 2, 1].find((size) => size <= left) ?? 1);

/** Lays out all memory for one problem; `run` allocates nothing. */
export function newtonStep(problem: TrainingProblem): TrainingStep {
  const { batch, states: d, hidden: h, nodes, lags, first, tolerance } = problem;
  if (batch % 2 !== 0) throw new Error(`expected an even batch, received ${batch}`);
  const pairs = batch / 2;
  const width = batch * d;
  const hiddenWidth = batch * h;
  const start = inPairs(problem.start, d);
  const target = inPairs(problem.target, d);

  const forward = [makePanels(h, d), makePanels(h, h), makePanels(d, h)];
  const backward2 = makePanels(h, h);
  const backward3 = makePanels(h, d);
  const bias = forward.map(({ entries, products }) => new Float64Array(entries.length / products));
  const noBias = new Float64Array(Math.max(d, h) + 2);

  const z = new Float64Array(nodes * width);
  const f = new Float64Array(nodes * width);
  const past = new Float64Array(nodes * width);
  const residual = new Float64Array(nodes * width);
  const hidden1 = new Float64Array(nodes * hiddenWidth);
  const hidden2 = new Float64Array(nodes * hiddenWidth);
  /** ∂f_i/∂z_c of one pair stands at ((n·pairs + p)·d + c)·2d + 2i. */
  const jacobian = new Float64Array(nodes * width * d);
  const tangent1 = new Float64Array(2 * h);
  const tangent2 = new Float64Array(2 * h);
  const matrix = new Float64Array(d * d);
  const right = new Float64Array(d);
  const cotangent = new Float64Array(nodes * width);
  const known = new Float64Array(width);
  const adjoint = new Float64Array(nodes * width);
  const adjoint1 = new Float64Array(nodes * hiddenWidth);
  const adjoint2 = new Float64Array(nodes * hiddenWidth);
  const gradient: NetworkWeights = {
    weights: [new Float64Array(d * h), new Float64Array(h * h), new Float64Array(h * d)],
    biases: [new Float64Array(h), new Float64Array(h), new Float64Array(d)],
  };

  function prepare({ weights, biases }: NetworkWeights): void {
    for (let i = 0; i < 3; i++) {
      fillPanels(forward[i], weights[i], forward[i].outputs, 1);
      bias[i].set(biases[i]);
    }
    fillPanels(backward2, weights[1], 1, h);
    fillPanels(backward3, weights[2], 1, d);
  }

  function evaluateNetwork(from: number, to: number): void {
    for (let pair = from * pairs; pair < to * pairs; pair++) {
      const at = pair * 2 * d;
      const inside = pair * 2 * h;
      layer(forward[0], bias[0], z, at, hidden1, inside, rectified, none, 0);
      layer(forward[1], bias[1], hidden1, inside, hidden2, inside, rectified, none, 0);
      layer(forward[2], bias[2], hidden2, inside, f, at, asTheyAre, none, 0);
    }
  }

  /** The derivatives of the network along each state, where it was evaluated last. */
  function fillJacobian(weight1: Float64Array, from: number, to: number): void {
    for (let pair = from * pairs; pair < to * pairs; pair++) {
      const inside = pair * 2 * h;
      for (let c = 0; c < d; c++) {
        for (let k = 0; k < h; k++) {
          const slope = weight1[c * h + k];
          tangent1[2 * k] = hidden1[inside + 2 * k] > 0 ? slope : 0;
          tangent1[2 * k + 1] = hidden1[inside + 2 * k + 1] > 0 ? slope : 0;
        }
        layer(forward[1], noBias, tangent1, 0, tangent2, 0, whereMaskIsPositive, hidden2, inside);
        layer(forward[2], noBias, tangent2, 0, jacobian, (pair * d + c) * 2 * d, asTheyAre, none, 0);
      }
    }
  }

  /** out = Σ A_nj x_j over nodes j from `from` up to `to`, added to what stands there. */
  function addCausal(out: Float64Array, outStart: number, n: number, x: Float64Array, from: number, to: number): void {
    if (from === 0 && to > 0) addRows(out, outStart, width, first, n, 1, x, 0, 1);
    const begin = Math.max(from, 1);
    addRows(out, outStart, width, lags, n - begin, -1, x, begin * width, to - begin);
  }

  /** residual = u₀ + A f − z on a window; returns its largest entry. */
  function evaluateResidual(from: number, to: number): number {
    let largest = 0;
    for (let n = from; n < to; n++) {
      const row = n * width;
      for (let i = row; i < row + width; i++) residual[i] = past[i] - z[i];
      addCausal(residual, row, n, f, from, n + 1);
      for (let i = row; i < row + width; i++) {
        const entry = Math.abs(residual[i]);
        if (entry > largest) largest = entry;
      }
    }
    return largest;
  }

  /** Adds the δ with (I − A_nn J_n) δ_n = r_n + Σ_{j < n} A_nj J_j δ_j to z. J_j δ_j takes the place of f. */
  function correct(from: number, to: number): void {
    for (let n = from; n < to; n++) {
      const row = n * width;
      addCausal(residual, row, n, f, from, n);
      const diagonal = n === 0 ? 0 : lags[0];
      for (let sample = 0; sample < batch; sample++) {
        const lane = sample & 1;
        const at = row + (sample >> 1) * 2 * d + lane;
        const block = (n * pairs + (sample >> 1)) * 2 * d * d + lane;
        for (let i = 0; i < d; i++) {
          for (let c = 0; c < d; c++) matrix[i * d + c] = -diagonal * jacobian[block + 2 * (c * d + i)];
          matrix[i * d + i] += 1;
          right[i] = residual[at + 2 * i];
        }
        eliminate(matrix, right, d);
        for (let i = 0; i < d; i++) {
          let sum = 0;
          for (let c = 0; c < d; c++) sum += jacobian[block + 2 * (c * d + i)] * right[c];
          f[at + 2 * i] = sum;
          z[at + 2 * i] += right[i];
        }
      }
    }
  }

  function solveWindow(weight1: Float64Array, from: number, to: number): void {
    for (let n = from; n < to; n++) {
      const row = n * width;
      for (let i = 0; i < width; i++) {
        past[row + i] = start[i];
        z[row + i] = from === 0 ? start[i] : z[(from - 1) * width + i];
      }
      addCausal(past, row, n, f, 0, from);
    }
    let before = 0;
    for (let step = 0; ; step++) {
      evaluateNetwork(from, to);
      const size = evaluateResidual(from, to);
      if (size <= tolerance) return;
      if (step === patience) throw new Error(`a residual of ${size} is left after ${patience} Newton steps`);
      if (!(size <= slow * before)) fillJacobian(weight1, from, to);
      before = size;
      correct(from, to);
    }
  }

  /**
   * v = Aᵀ u with u = g + Jᵀ v, from the last node to the first: with s_n = Σ_{m > n} A_mn u_m,
   * (I − A_nn J_nᵀ) v_n = s_n + A_nn g_n. v is the cotangent of the network's output.
   */
  function solveAdjoint(): void {
    for (let n = nodes - 1; n >= 0; n--) {
      const row = n * width;
      const diagonal = n === 0 ? 0 : lags[0];
      known.fill(0);
      addRows(known, 0, width, n === 0 ? first : lags, 1, 1, cotangent, row + width, nodes - 1 - n);
      for (let sample = 0; sample < batch; sample++) {
        const lane = sample & 1;
        const pairAt = (sample >> 1) * 2 * d + lane;
        const at = row + pairAt;
        const block = (n * pairs + (sample >> 1)) * 2 * d * d + lane;
        for (let c = 0; c < d; c++) {
          for (let i = 0; i < d; i++) matrix[c * d + i] = -diagonal * jacobian[block + 2 * (c * d + i)];
          matrix[c * d + c] += 1;
          right[c] = known[pairAt + 2 * c] + diagonal * cotangent[at + 2 * c];
        }
        eliminate(matrix, right, d);
        for (let c = 0; c < d; c++) {
          let sum = cotangent[at + 2 * c];
          for (let i = 0; i < d; i++) sum += jacobian[block + 2 * (c * d + i)] * right[i];
          cotangent[at + 2 * c] = sum;
          adjoint[at + 2 * c] = right[c];
        }
      }
    }
  }

  function fillGradient(): void {
    for (let pair = 0; pair < nodes * pairs; pair++) {
      const at = pair * 2 * d;
      const inside = pair * 2 * h;
      layer(backward3, noBias, adjoint, at, adjoint2, inside, whereMaskIsPositive, hidden2, inside);
      layer(backward2, noBias, adjoint2, inside, adjoint1, inside, whereMaskIsPositive, hidden1, inside);
    }
    const { weights, biases } = gradient;
    outerSum(weights[0], z, d, adjoint1, h, nodes * pairs);
    outerSum(weights[1], hidden1, h, adjoint2, h, nodes * pairs);
    outerSum(weights[2], hidden2, h, adjoint, d, nodes * pairs);
    sampleSum(biases[0], adjoint1);
    sampleSum(biases[1], adjoint2);
    sampleSum(biases[2], adjoint);
  }

  return {
    gradient,
    run(network) {
      prepare(network);
      const [weight1] = network.weights;
      for (let done = 0; done < nodes; ) {
        const size = windowSize(nodes, nodes - done);
        solveWindow(weight1, done, done + size);
        done += size;
      }
      let loss = 0;
      for (let i = 0; i < z.length; i++) {
        const difference = z[i] - target[i];
        loss += difference * difference;
        cotangent[i] = (2 * difference) / z.length;
      }
      fillJacobian(weight1, 0, nodes);
      solveAdjoint();
      fillGradient();
      return loss / z.length;
    },
  };
}
