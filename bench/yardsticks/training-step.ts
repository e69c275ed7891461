// How fast is one training step of the seed's experiment in hand-written loops?
//
// The equation is z_n = u₀ + Σ_{j ≤ n} A_nj f(z_j) with f a network d-h-h-d with ReLU; the loss is the mean squared error
// of z. It is solved as the library solves it, window by window with Newton's method, and differentiated by one sweep
// backwards in time. Samples are kept in pairs: entry i of samples 2p and 2p + 1 of node n stand side by side at
// ((n·batch/2 + p)·size + i)·2. So one pass over three outputs has six sums at work, as many as registers hold.

/** Three affine layers, x ↦ x W + b; weights are [in, out] in row-major order. */
export interface NetworkWeights {
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
}

export interface TrainingProblem {
  readonly batch: number;
  readonly states: number;
  readonly hidden: number;
  readonly nodes: number;
  /** A[n, j] = lags[n − j] for 1 ≤ j ≤ n, and A[n, 0] = first[n]; A[0, 0] = 0. */
  readonly lags: Float64Array;
  readonly first: Float64Array;
  /** [batch, states] */
  readonly start: Float64Array;
  /** [nodes, batch, states] */
  readonly target: Float64Array;
  readonly tolerance: number;
}

export interface TrainingStep {
  /** Solves, fills `gradient` and returns the loss. */
  run(network: NetworkWeights): number;
  readonly gradient: NetworkWeights;
}

/** What a layer does with its sums. */
const asTheyAre = 0;
const rectified = 1;
const whereMaskIsPositive = 2;

const none = new Float64Array(0);

/** Newton steps for one window, and the share of the residual above which the Jacobian is computed anew. */
const patience = 12;
const slow = 0.1;

/** A weight matrix in panels of three outputs: products are the outer loop of a panel. */
interface Panels {
  readonly outputs: number;
  readonly products: number;
  readonly entries: Float64Array;
}

const makePanels = (outputs: number, products: number): Panels => ({
  outputs,
  products,
  entries: new Float64Array(3 * Math.ceil(outputs / 3) * products),
});

/** Entry (k, j) of the matrix stands at k·kStride + j·jStride. */
function fillPanels(
  { outputs, products, entries }: Panels,
  matrix: Float64Array,
  kStride: number,
  jStride: number,
): void {
  let to = 0;
  for (let panel = 0; panel < outputs; panel += 3) {
    for (let k = 0; k < products; k++) {
      for (let j = panel; j < panel + 3; j++) entries[to++] = j < outputs ? matrix[k * kStride + j * jStride] : 0;
    }
  }
}

/** One layer for one pair of samples: y = x W + b, with what `gate` makes of it. `bias` is as long as the panels. `| 0` spares checks. */
function layer(
  panels: Panels,
  bias: Float64Array,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  gate: number,
  mask: Float64Array,
  maskStart: number,
): void {
  const { outputs, products, entries } = panels;
  const xEnd = xStart + 2 * products;
  let w = 0;
  for (let j = 0; j < outputs; j += 3) {
    let a0 = bias[j];
    let b0 = bias[j + 1];
    let c0 = bias[j + 2];
    let a1 = a0;
    let b1 = b0;
    let c1 = c0;
    for (let k = xStart; k < xEnd; k = (k + 2) | 0) {
      const x0 = x[k];
      const x1 = x[(k + 1) | 0];
      const wa = entries[w];
      const wb = entries[(w + 1) | 0];
      const wc = entries[(w + 2) | 0];
      w = (w + 3) | 0;
      a0 += wa * x0;
      a1 += wa * x1;
      b0 += wb * x0;
      b1 += wb * x1;
      c0 += wc * x0;
      c1 += wc * x1;
    }
    if (gate === rectified) {
      a0 = Math.max(a0, 0);
      a1 = Math.max(a1, 0);
      b0 = Math.max(b0, 0);
      b1 = Math.max(b1, 0);
      c0 = Math.max(c0, 0);
      c1 = Math.max(c1, 0);
    } else if (gate === whereMaskIsPositive) {
      const m = maskStart + 2 * j;
      a0 = mask[m] > 0 ? a0 : 0;
      a1 = mask[m + 1] > 0 ? a1 : 0;
      if (j + 1 < outputs) {
        b0 = mask[m + 2] > 0 ? b0 : 0;
        b1 = mask[m + 3] > 0 ? b1 : 0;
      }
      if (j + 2 < outputs) {
        c0 = mask[m + 4] > 0 ? c0 : 0;
        c1 = mask[m + 5] > 0 ? c1 : 0;
      }
    }
    const to = yStart + 2 * j;
    y[to] = a0;
    y[to + 1] = a1;
    if (j + 1 < outputs) {
      y[to + 2] = b0;
      y[to + 3] = b1;
    }
    if (j + 2 < outputs) {
      y[to + 4] = c0;
      y[to + 5] = c1;
    }
  }
}

/** out += Σ_k coefficients[at + k·stride]·row_k for `count` rows of x, four rows per pass. */
function addRows(
  out: Float64Array,
  outStart: number,
  width: number,
  coefficients: Float64Array,
  at: number,
  stride: number,
  x: Float64Array,
  xStart: number,
  count: number,
): void {
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const c0 = coefficients[at + k * stride];
    const c1 = coefficients[at + (k + 1) * stride];
    const c2 = coefficients[at + (k + 2) * stride];
    const c3 = coefficients[at + (k + 3) * stride];
    const r0 = xStart + k * width;
    const r1 = r0 + width;
    const r2 = r1 + width;
    const r3 = r2 + width;
    for (let i = 0; i < width; i++)
      out[outStart + i] += c0 * x[r0 + i] + c1 * x[r1 + i] + c2 * x[r2 + i] + c3 * x[r3 + i];
  }
  for (; k < count; k++) {
    const c0 = coefficients[at + k * stride];
    const r0 = xStart + k * width;
    for (let i = 0; i < width; i++) out[outStart + i] += c0 * x[r0 + i];
  }
}

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

/** out[k, j] = Σ over all samples of a[k]·g[j], three by two entries per pass. */
function outerSum(
  out: Float64Array,
  a: Float64Array,
  rows: number,
  g: Float64Array,
  columns: number,
  pairs: number,
): void {
  const aStep = 2 * rows;
  const gStep = 2 * columns;
  for (let k = 0; k < rows; k += 3) {
    const k1 = 2 * Math.min(k + 1, rows - 1);
    const k2 = 2 * Math.min(k + 2, rows - 1);
    for (let j = 0; j < columns; j += 2) {
      const j1 = 2 * Math.min(j + 1, columns - 1);
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      for (let pair = 0, p = 0, q = 0; pair < pairs; pair++, p += aStep, q += gStep) {
        for (let lane = 0; lane < 2; lane++) {
          const a0 = a[p + 2 * k + lane];
          const a1 = a[p + k1 + lane];
          const a2 = a[p + k2 + lane];
          const g0 = g[q + 2 * j + lane];
          const g1 = g[q + j1 + lane];
          s00 += a0 * g0;
          s01 += a0 * g1;
          s10 += a1 * g0;
          s11 += a1 * g1;
          s20 += a2 * g0;
          s21 += a2 * g1;
        }
      }
      const two = j + 1 < columns;
      out[k * columns + j] = s00;
      if (two) out[k * columns + j + 1] = s01;
      if (k + 1 < rows) {
        out[(k + 1) * columns + j] = s10;
        if (two) out[(k + 1) * columns + j + 1] = s11;
      }
      if (k + 2 < rows) {
        out[(k + 2) * columns + j] = s20;
        if (two) out[(k + 2) * columns + j + 1] = s21;
      }
    }
  }
}

/** out[j] = Σ over all samples of g[j]. */
function sampleSum(out: Float64Array, g: Float64Array): void {
  out.fill(0);
  const width = 2 * out.length;
  for (let row = 0; row < g.length; row += width) {
    for (let j = 0; j < out.length; j++) out[j] += g[row + 2 * j] + g[row + 2 * j + 1];
  }
}

/** The rows of samples in pairs. */
function inPairs(rows: Float64Array, size: number): Float64Array {
  const pairs = new Float64Array(rows.length);
  for (let row = 0; row < rows.length / size; row++) {
    for (let i = 0; i < size; i++) pairs[(row >> 1) * 2 * size + 2 * i + (row & 1)] = rows[row * size + i];
  }
  return pairs;
}

/** The first window is the whole trajectory if that is short; what is left of a long one is cut ever smaller. */
const windowSize = (nodes: number, left: number): number =>
  nodes <= 40 ? nodes : ([32, 8, 2, 1].find((size) => size <= left) ?? 1);

/** Lays out all memory for one problem; `run` allocates nothing. */
export function handWrittenStep(problem: TrainingProblem): TrainingStep {
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
