// Which values have to have the same bits in every runtime?
//
// A plain module without imports: it is given the library, and runs in Node, Bun, Deno, pages and workers as it stands. Its own
// arithmetic is + − × ÷ only.

/** Where the elementary functions change their way of computing, and beyond. */
const edges = [
  0,
  -0,
  5e-324,
  -1e-310,
  2.3e-308,
  1e-17,
  -1e-8,
  1e-4,
  0.3,
  -0.5,
  0.625,
  0.9999999999999999,
  1,
  -1,
  1.0000000000000002,
  1.5,
  2.2,
  -2.5,
  Math.PI,
  10.5,
  19.0625,
  -22,
  40,
  354,
  708.5,
  -708.5,
  709.782712893384,
  -745.1,
  1e5,
  4503599627370497,
  1e22,
  -1e300,
  1.7976931348623157e308,
  Infinity,
  -Infinity,
  NaN,
];

const elementary = [
  ..."exp expm1 log log1p sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh".split(" "),
  ..."sigmoid relu leakyRelu elu gelu silu softplus erf erfc lgamma digamma abs sign floor ceil round square".split(
    " ",
  ),
];
/** Of these the slope at every edge, too; the others have second derivatives that are tested by their own rules. */
const sloped = "exp log1p sqrt sin tan atan tanh asinh atanh sigmoid gelu softplus erfc lgamma".split(" ");

/** Cases by name: functions of the library that return numbers, tensors, arrays of bytes, or arrays and records of these. */
export function makeCases(library) {
  const { nn, optim, special, fractional, io, typedArrayOps, verify } = library;
  const { add, sub, mul, div, sum, mean, tanh, sin, exp, square, matmul, transpose, tensor, random, grad, jvp, hvp } =
    library;
  const cases = {};
  const stream = random(20261129);
  const normal = (...shape) => stream.normal(shape);
  const x = tensor(edges);

  for (const name of elementary) cases[`${name} at edges`] = () => library[name](x);
  for (const name of sloped) cases[`slope of ${name} at edges`] = () => grad((x) => sum(library[name](x)))(x);
  const wide = stream.uniform([500], -30, 30);
  for (const name of ["exp", "sin", "tanh", "expm1", "cosh", "atan", "erf", "softplus"]) {
    cases[`${name} of 500 numbers`] = () => library[name](wide);
  }
  const positive = stream.uniform([200], 0, 50);
  cases["log of 200 numbers"] = () => library.log(positive);
  cases["powers at edges"] = () =>
    library.pow(library.reshape(x, [x.shape[0], 1]), tensor([0, -0, 0.5, 1, 2, -3, 1 / 3, 1e5, NaN]));
  cases["powers of 200 numbers"] = () => library.pow(positive, stream.uniform([200], -9, 9));
  cases["atan2 at edges"] = () => library.atan2(library.reshape(x, [x.shape[0], 1]), x);
  cases["maximum at edges"] = () => library.maximum(library.reshape(x, [x.shape[0], 1]), x);
  cases["gradient of pow in both"] = () =>
    grad(({ a, b }) => sum(library.pow(a, b)))({ a: positive, b: stream.uniform([200], -2, 2) });

  const long = normal(10007);
  const tall = normal(37, 53);
  cases["sum of 10007"] = () => sum(long);
  cases["mean of 10007"] = () => mean(long);
  cases["norm of 10007"] = () => library.norm(long);
  cases["variance of 10007"] = () => library.variance(long);
  cases["logSumExp of 10007"] = () => library.logSumExp(mul(long, 20));
  cases["sums along each axis"] = () => [sum(tall, 0), sum(tall, 1), sum(tall, [0, 1], { keepDims: true })];
  cases["prod of 53"] = () => library.prod(tall, 1);
  cases["cumsum of 10007"] = () => library.cumsum(long, 0);
  cases["softmax and logSoftmax"] = () => [library.softmax(mul(tall, 5), 1), library.logSoftmax(mul(tall, 5), 0)];
  cases["argmax and extrema"] = () => [library.argmax(tall, 1), library.max(tall, 0), library.min(tall, 1)];
  cases["gradient of logSumExp"] = () => grad((x) => library.logSumExp(x))(tall);
  cases["gradient of the variance"] = () => grad((x) => library.variance(x))(long);

  for (const [m, k, n] of [
    [1, 1, 1],
    [2, 3, 4],
    [5, 7, 3],
    [8, 8, 8],
    [13, 300, 9],
    [33, 64, 65],
    [100, 31, 77],
    [160, 160, 160],
  ]) {
    const [a, b] = [normal(m, k), normal(k, n)];
    cases[`product ${m}×${k}×${n}`] = () => matmul(a, b);
    cases[`product ${m}×${k}×${n} of transposes`] = () => transpose(matmul(transpose(b), transpose(a)));
  }
  cases["product of batches"] = () => matmul(normal(3, 5, 6), normal(6, 4));
  cases["einsum of three"] = () => library.einsum("ij,jk,kl->il", normal(4, 5), normal(5, 6), normal(6, 3));
  cases["gradient of a product"] = () =>
    grad(({ a, b }) => sum(square(matmul(a, b))))({ a: normal(40, 50), b: normal(50, 60) });

  const square12 = normal(12, 12);
  const definite = add(matmul(square12, transpose(square12)), library.eye(12));
  cases.solve = () => library.solve(square12, normal(12, 3));
  cases.inverse = () => library.inverse(square12);
  cases.cholesky = () => library.cholesky(definite);
  cases["logDet and its gradient"] = () => [library.logDet(definite), grad((A) => library.logDet(A))(definite)];
  cases.qr = () => library.qr(normal(9, 5));
  cases.lstsq = () => library.lstsq(normal(9, 5), normal(9));
  cases.eigh = () => library.eigh(definite);
  cases["gradient of eigh"] = () => grad((A) => sum(square(library.eigh(A).values)))(definite);
  cases.interp = () => library.interp(wide, tensor([-20, -1, 0, 3, 25]), tensor([1, 3, -2, 0.1, 7]));

  const Q = normal(6, 6);
  const f = (x) => sum(mul(sin(matmul(Q, x)), exp(mul(0.3, x))));
  const [point, direction] = [normal(6), normal(6)];
  cases.grad = () => grad(f)(point);
  cases.jvp = () => jvp(f, [point], [direction]);
  cases.hvp = () => hvp(f, point, direction);
  cases.hessian = () => library.hessian(f)(point);
  cases.jacobian = () => library.jacobian((x) => tanh(matmul(Q, x)))(point);
  cases["third derivative"] = () => grad(grad(grad((x) => mul(sin(x), exp(x)))))(tensor(0.7));
  cases["scan and its gradient"] = () =>
    grad((a) =>
      sum(library.scan((c, x) => ({ carry: tanh(add(mul(a, c), x)), y: c }), 0, library.slice(long, [0], [60])).y),
    )(tensor(0.9));
  cases.checkpoint = () => grad(library.checkpoint(f))(point);

  const [W, bias, input] = [mul(0.1, normal(64, 64)), normal(64), normal(50, 64)];
  const layer = (W, x) => tanh(add(matmul(x, W), bias));
  cases["a jitted gradient, at first and after 60 calls"] = () => {
    const step = library.jit((W, x, bias) => grad((W) => mean(square(tanh(add(matmul(x, W), bias)))))(W));
    const first = step(W, input, bias);
    let last = W;
    for (let i = 0; i < 60; i++) last = sub(last, step(last, input, bias));
    return [first, last];
  };
  cases["a compiled chain after 100 runs"] = () => {
    const chain = (x) => mul(exp(mul(-0.5, square(x))), add(sin(x), tanh(mul(3, x))));
    const plan = library.compile(library.trace(chain, long));
    let result = plan.run([long]);
    for (let i = 0; i < 100; i++) result = plan.run([result]);
    return result;
  };
  cases["a compiled layer after 100 runs"] = () => {
    const plan = library.compile(library.trace((W, x) => layer(W, layer(W, x)), W, input));
    let result = plan.run([W, input]);
    for (let i = 0; i < 100; i++) result = plan.run([W, result]);
    return result;
  };
  cases["a replayed program"] = () => library.replay(library.trace(layer, W, input), [W, input]);

  const contraction = (W, b) =>
    library.fixedPoint((z) => tanh(add(matmul(W, z), b)), library.zeros([64]), { tolerance: 1e-12 });
  cases["fixedPoint by default, and its gradient"] = () => [
    contraction(W, bias),
    grad((W) => sum(contraction(W, bias)))(W),
  ];
  for (const name of ["auto", "picard", "anderson", "broyden", "newtonKrylov", "newton"]) {
    const options = { solver: library[name](), tolerance: 1e-11, maxSteps: 500 };
    const solve = (b) => library.fixedPoint((z) => tanh(add(matmul(W, z), b)), library.zeros([64]), options);
    cases[`fixedPoint by ${name}, and its gradient`] = () => [solve(bias), grad((b) => sum(square(solve(b))))(bias)];
  }
  cases["residuals of a solve"] = () =>
    library.fixedPointWithReport((z) => tanh(add(matmul(W, z), bias)), library.zeros([64])).report.residuals;
  cases["second derivative of a fixed point"] = () =>
    grad(grad((a) => library.fixedPoint((z) => mul(0.5, tanh(add(z, a))), 0, { tolerance: 1e-14 })))(tensor(0.7));
  cases["unrolled and phantom derivatives"] = () =>
    [library.unrolled({ steps: 5 }), library.phantom({ steps: 5, damping: 0.5 })].map((adjoint) =>
      grad((b) =>
        sum(library.fixedPoint((z) => tanh(add(matmul(W, z), b)), library.zeros([64]), { adjoint, tolerance: 0.1 })),
      )(bias),
    );

  const [M, u0] = [mul(0.6, normal(3, 3)), tensor([0.5, -1, 2])];
  const field = (M) => (t, u) => add(tanh(matmul(u, M)), sin(t));
  const quadratures = {
    productTrapezoid: { steps: 60 },
    "productTrapezoid, graded": { steps: 60, quadrature: fractional.productTrapezoid({ grading: 2 }) },
    productRectangle: { steps: 60, quadrature: fractional.productRectangle() },
    "spectral, 12 nodes": { quadrature: fractional.spectral({ nodes: 12 }) },
    "spectral, 3 panels": { quadrature: fractional.spectral({ nodes: 8, panels: 3 }) },
    convolutionQuadrature: { steps: 60, quadrature: fractional.convolutionQuadrature({ formula: 2 }) },
    sampledRectangle: { steps: 60, quadrature: fractional.sampledRectangle() },
    "productTrapezoid, 600 steps": { steps: 600 },
  };
  for (const [name, more] of Object.entries(quadratures)) {
    const solve = (order, M) =>
      fractional.solveCaputo(field(M), u0, { order, duration: 2, tolerance: 1e-11, ...more }).values;
    cases[`solveCaputo by ${name}`] = () => solve(tensor(0.7), M);
    cases[`solveCaputo by ${name}, gradient in order and field`] = () =>
      grad(({ order, M }) => mean(square(solve(order, M))))({ order: tensor(0.7), M });
  }
  cases["solveCaputo of order 1.6"] = () =>
    fractional.solveCaputo((_, u) => mul(-2, u), tensor([1]), {
      order: 1.6,
      duration: 3,
      steps: 40,
      initialDerivative: tensor([0.5]),
    }).values;
  cases["solveCaputo, one order per state"] = () =>
    fractional.solveCaputo(field(M), u0, { order: [0.5, 0.7, 0.9], duration: 2, steps: 40 }).values;
  cases["dense output"] = () =>
    fractional.solveCaputo(field(M), u0, { order: 0.7, duration: 2, steps: 40 }).at([0, 0.13, 1.111, 2]);
  cases["caputoIntegral and caputoDerivative"] = () =>
    [fractional.caputoIntegral, fractional.caputoDerivative].map((of) =>
      of(normal(50), { order: 0.4, times: Array.from({ length: 50 }, (_, i) => i / 8) }),
    );
  cases.predictorCorrector = () =>
    fractional.predictorCorrector(field(M), u0, { order: 0.7, duration: 2, steps: 40 }).values;

  const reals = [-30.5, -3.7, -0.2, 1e-9, 0.4, 1, 1.4616321449683622, 2.5, 7, 20.3, 150.1];
  for (const name of ["gamma", "lgamma", "digamma", "erf", "erfc"])
    cases[`${name} of numbers`] = () => reals.map(special[name]);
  cases["polygamma of numbers"] = () => [1, 2, 3].flatMap((n) => reals.slice(3).map((x) => special.polygamma(n, x)));
  for (const alpha of [0.3, 0.5, 0.99, 1, 1.7, 2]) {
    cases[`mittagLeffler of order ${alpha}`] = () => [
      ...[-200, -20, -3, -0.5, 0, 0.7, 2].map((z) => special.mittagLeffler(alpha, z)),
      ...[-5, 1].map((re) => special.mittagLeffler(alpha, { re, im: 2.5 }, 0.8)),
    ];
  }
  cases["derivatives of mittagLefflerOf"] = () => grad(grad((z) => special.mittagLefflerOf(0.6, z)))(tensor(-1.3));
  cases.mittagLefflerMatrix = () => special.mittagLefflerMatrix(0.7, M, u0);

  cases["uniform stream"] = () => random(1).uniform([100], -1, 3);
  cases["normal stream"] = () => random(2).normal([200]);
  cases.permutation = () => random(3).permutation(50);
  cases["split streams"] = () =>
    random(4)
      .split(3)
      .map((each) => each.normal([5]));
  cases["draws from keys"] = () => [
    library.drawNormal(random(5).key(), [40]),
    library.drawUniform(random(6).key(), [40]),
  ];
  cases["split keys"] = () => library.splitKey(random(7).key(), 5);

  const net = nn.mlp([3, 16, 2], { random: random(8) });
  const [data, target] = [normal(20, 3), normal(20, 2)];
  const loss = (params) => nn.meanSquaredError(net.apply(params, data), target);
  const optimisers = {
    adam: optim.adam({ learningRate: 0.01 }),
    adamW: optim.adamW(),
    sgd: optim.sgd({ learningRate: 0.1, momentum: 0.9 }),
    rmsProp: optim.rmsProp(),
  };
  for (const [name, optimiser] of Object.entries(optimisers)) {
    cases[`twenty steps of ${name}`] = () => {
      let [params, state] = [net.params, optimiser.init(net.params)];
      for (let i = 0; i < 20; i++) ({ params, state } = optimiser.update(grad(loss)(params), state, params));
      return params;
    };
  }
  cases.lbfgs = () => optim.lbfgs().minimise((x) => sum(square(sub(matmul(Q, x), sin(x)))), point).params;
  cases.schedules = () => {
    const schedule = optim.cosineSchedule({ from: 0.1, to: 0.001, steps: 50 });
    return [0, 1, 17, 49].map((step) => schedule(tensor(step)));
  };
  cases.initialisers = () =>
    [nn.glorotNormal, nn.heUniform, nn.orthogonal].map(
      (initialiser) => nn.linear(6, 5, { random: random(9), initialiser }).params,
    );
  cases["gradient of an equilibrium layer"] = () => {
    const layer = nn.equilibrium(nn.monotoneCell(8, 3, { random: random(10) }));
    return grad((params) => sum(square(layer.apply(params, data))))(
      nn.monotoneCell(8, 3, { random: random(10) }).params,
    );
  };
  cases["losses and layer norm"] = () => [
    nn.crossEntropy(tall, library.softmax(normal(37, 53), 1)),
    nn.huber(data, normal(20, 3)),
    nn.layerNorm(3).apply(nn.layerNorm(3).params, data),
  ];
  cases["certificate of a gradient"] = () => verify.certifyGradient((b) => sum(contraction(W, b)), [bias]).estimate;
  cases["digits of a value"] = () =>
    verify.measurePrecision((x) => exp(mul(sin(x), 3)), [tensor([0.1, 2])]).values.map(({ ulps }) => ulps);

  cases["bytes of safetensors"] = () => io.saveSafetensors({ W, net: net.params, edges: x });
  cases["safetensors, back"] = () => io.loadSafetensors(io.saveSafetensors({ W, net: net.params, edges: x }));
  cases["bytes of a training"] = () => io.saveTraining({ params: net.params, random: random(11), step: 7 });
  cases["a Fourier transform"] = () => {
    const [re, im] = [long.data.slice(0, 256), new Float64Array(256)];
    typedArrayOps.fourier(typedArrayOps.makeFourierPlan(256), re, im);
    return [re, im];
  };
  cases["quotients of subnormal numbers"] = () => div(mul(long, 1e-310), 3);
  return cases;
}
