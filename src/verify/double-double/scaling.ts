// What is the binary exponent of a number, and how is a number multiplied by a power of two?

const view: DataView = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8));

/** 2^k for −1022 ≤ k ≤ 1023, from its bits. */
function powerOfTwo(k: number): number {
  view.setUint32(0, (k + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** The integer e with 2^e ≤ |x| < 2^(e+1), for a finite x ≠ 0. */
export function exponentOf(x: number): number {
  view.setFloat64(0, x);
  const biased = (view.getUint32(0) >>> 20) & 0x7ff;
  return biased === 0 ? exponentOf(x * 2 ** 54) - 54 : biased - 1023;
}

/** x·2^k, rounded only where it is subnormal. */
export function scaleNumber(x: number, k: number): number {
  let scaled = x;
  let rest = k;
  for (; rest > 1023; rest -= 1023) scaled *= 2 ** 1023;
  for (; rest < -1022; rest += 1022) scaled *= 2 ** -1022;
  return scaled * powerOfTwo(rest);
}
