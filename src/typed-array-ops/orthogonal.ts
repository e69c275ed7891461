// How is a matrix taken apart into orthogonal factors?

/**
 * A = Q R by Householder's reflections, with the diagonal of R ≥ 0: A is m×n from `start`, Q m×k and R k×n with
 * k = min(m, n), stored from q and r on. `work` holds m·n numbers and `scale` k.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, algorithms 5.1.1 and 5.2.1
 */
export function qrFactorise(
  q: Float64Array,
  r: Float64Array,
  a: Float64Array,
  m: number,
  n: number,
  work: Float64Array,
  scale: Float64Array,
): void {
  const k = Math.min(m, n);
  work.set(a);
  r.fill(0);
  q.fill(0);
  for (let j = 0; j < k; j++) {
    let largest = 0;
    for (let i = j; i < m; i++) largest = Math.max(largest, Math.abs(work[i * n + j]));
    let squares = 0;
    for (let i = j; i < m; i++) squares += square(work[i * n + j] / largest);
    // With v = x + sign(x₁)‖x‖ e₁, the reflection is 1 − scale·v vᵀ; where x = 0 there is nothing to reflect.
    const length = largest > 0 ? largest * Math.sqrt(squares) : largest;
    const first = work[j * n + j];
    const image = first > 0 ? -length : length;
    scale[j] = length === 0 ? 0 : (image - first) / image;
    for (let i = j + 1; i < m; i++) work[i * n + j] = length === 0 ? 0 : work[i * n + j] / (first - image);
    work[j * n + j] = 1;
    for (let c = j + 1; c < n; c++) reflect(work, work, j, c, m, n, n, scale[j]);
    r[j * n + j] = image;
    for (let c = j + 1; c < n; c++) r[j * n + c] = work[j * n + c];
  }
  for (let j = k - 1; j >= 0; j--) {
    q[j * k + j] = 1;
    for (let c = j; c < k; c++) reflect(q, work, j, c, m, k, n, scale[j]);
  }
  for (let j = 0; j < k; j++) {
    if (r[j * n + j] >= 0) continue;
    for (let c = j; c < n; c++) r[j * n + c] = 0 - r[j * n + c];
    for (let i = 0; i < m; i++) q[i * k + j] = 0 - q[i * k + j];
  }
}

const square = (x: number): number => x * x;

/** Reflects column c of x, from row j on, at the vector in column j of v. */
function reflect(
  x: Float64Array,
  v: Float64Array,
  j: number,
  c: number,
  m: number,
  width: number,
  widthOfV: number,
  scale: number,
): void {
  let overlap = 0;
  for (let i = j; i < m; i++) overlap += v[i * widthOfV + j] * x[i * width + c];
  for (let i = j; i < m; i++) x[i * width + c] -= scale * overlap * v[i * widthOfV + j];
}

/** Off-diagonal entries vanish quadratically: ten sweeps suffice for hundreds of rows. */
const sweeps = 60;

/**
 * The eigenvalues of a symmetric n×n matrix in ascending order, and its eigenvectors as columns; the entry of largest
 * modulus of each is positive, the first of several. `work` holds the matrix and is destroyed; `rows` has n² numbers.
 * False if rotations do not make the matrix diagonal, as with entries that are not finite.
 *
 * @source Golub and Van Loan (2013), Matrix Computations, section 8.5.3
 */
export function symmetricEigen(
  values: Float64Array,
  vectors: Float64Array,
  work: Float64Array,
  rows: Float64Array,
  n: number,
): boolean {
  rows.fill(0);
  for (let i = 0; i < n; i++) rows[i * (n + 1)] = 1;
  let rotations = n;
  for (let sweep = 0; sweep < sweeps && rotations > 0; sweep++) {
    rotations = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotations += rotate(work, rows, p, q, n);
  }
  if (rotations > 0) return false;
  for (let i = 0; i < n; i++) values[i] = work[i * (n + 1)];
  for (let place = 0; place < n; place++) {
    let least = place;
    for (let i = place + 1; i < n; i++) if (values[i] < values[least]) least = i;
    const value = values[least];
    values[least] = values[place];
    values[place] = value;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const entry = rows[least * n + i];
      rows[least * n + i] = rows[place * n + i];
      vectors[i * n + place] = entry;
      if (Math.abs(entry) > Math.abs(largest)) largest = entry;
    }
    if (largest < 0) for (let i = 0; i < n; i++) vectors[i * n + place] = 0 - vectors[i * n + place];
  }
  return true;
}

/**
 * Rotates in the plane of axes p and q so that entry (p, q) becomes 0, unless it is so small that the eigenvalues do not
 * notice; tells how many rotations that took. The rows of `rows` are rotated along.
 *
 * @source Golub and Van Loan (2013), algorithm 8.5.1; Demmel and Veselić (1992), "Jacobi's method is more accurate than
 * QR", algorithm 3.1, for what is small
 */
function rotate(a: Float64Array, rows: Float64Array, p: number, q: number, n: number): number {
  const entry = a[p * n + q];
  const [first, last] = [a[p * (n + 1)], a[q * (n + 1)]];
  if (Math.abs(entry) <= 2 ** -53 * Math.sqrt(Math.abs(first)) * Math.sqrt(Math.abs(last))) return 0;
  const ratio = (last / 2 - first / 2) / entry;
  const size = Math.abs(ratio);
  const t = (ratio < 0 ? -1 : 1) / (size > 2 ** 500 ? 2 * size : size + Math.sqrt(1 + size * size));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let i = 0; i < n; i++) {
    const x = a[i * n + p];
    const y = a[i * n + q];
    a[i * n + p] = a[p * n + i] = c * x - s * y;
    a[i * n + q] = a[q * n + i] = s * x + c * y;
    const v = rows[p * n + i];
    const w = rows[q * n + i];
    rows[p * n + i] = c * v - s * w;
    rows[q * n + i] = s * v + c * w;
  }
  a[p * (n + 1)] = first - t * entry;
  a[q * (n + 1)] = last + t * entry;
  a[p * n + q] = a[q * n + p] = 0;
  return 1;
}
