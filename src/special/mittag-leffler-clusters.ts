// Around which circles is the Mittag-Leffler function of a matrix integrated?
//
// The eigenvalues are gathered in clusters, and each cluster gets a circle that surrounds it and no other eigenvalue. Eigenvalues
// stay together if they are close beside the distance over which the function changes: taking those apart would only
// bring large parts that cancel (of a defective matrix they differ by rounding alone). Others are taken apart, so that no
// circle has to pass where the function is much larger than at its eigenvalues.

import { cos, log, sin } from "../typed-array-ops/elementary/index.js";
import { type Complex, complex, minus, modulus, plus, scaled } from "./complex.js";

export interface Circle {
  readonly centre: Complex;
  readonly radius: number;
  /** As many points of the trapezoidal rule make its error negligible. */
  readonly points: number;
}

type Scalar = (z: Complex) => Complex;

export const pointOn = ({ centre, radius, points }: Circle, i: number): Complex => {
  const angle = (2 * Math.PI * (i + 0.5)) / points;
  return plus(centre, complex(radius * cos(angle), radius * sin(angle)));
};

/** The largest |f| at eight points of a circle. */
function largestOn(f: Scalar, centre: Complex, radius: number): number {
  const circle = { centre, radius, points: 8 };
  return Array.from({ length: 8 }, (_, i) => modulus(f(pointOn(circle, i)))).reduce((a, b) => Math.max(a, b));
}

/** From a circle of half the radius f grows no more than this, and to one of twice the radius no more than FARTHER. */
const GROWTH = 6;
const FARTHER = 100;

/** How far from a point f changes moderately. */
function rangeOf(f: Scalar, z: Complex): number {
  let radius = Math.max(1, modulus(z)) / 2;
  let [twice, once] = [2 * radius, radius].map((r) => largestOn(f, z, r));
  for (let i = 0; i < 40; i++) {
    const half = largestOn(f, z, radius / 2);
    if (once <= GROWTH * half && twice <= FARTHER * once) break;
    radius /= 2;
    [twice, once] = [once, half];
  }
  return radius;
}

/** Eigenvalues that stay together, made of two such groups if there are more than one. */
interface Cluster {
  readonly members: readonly Complex[];
  readonly parts: readonly Cluster[];
  readonly centre: Complex;
  /** The largest distance of a member from the centre. */
  readonly size: number;
  /** The smallest range of a member. */
  readonly range: number;
}

function clusterOf(members: readonly Complex[], range: number, parts: readonly Cluster[]): Cluster {
  const sum = members.reduce((total, z) => plus(total, z));
  const centre = scaled(sum, 1 / members.length);
  const size = members.reduce((largest, z) => Math.max(largest, modulus(minus(z, centre))), 0);
  return { members, parts, centre, size, range };
}

const distance = (a: Cluster, b: Cluster): number =>
  a.members.reduce((least, x) => b.members.reduce((d, y) => Math.min(d, modulus(minus(x, y))), least), Infinity);

/** All in one: the two that are nearest to each other are joined, again and again. */
function tree(leaves: readonly Cluster[]): Cluster {
  let clusters = leaves;
  while (clusters.length > 1) {
    let [first, second, least] = [clusters[0], clusters[1], Infinity];
    clusters.forEach((a, i) => {
      for (const b of clusters.slice(i + 1)) {
        const d = distance(a, b);
        if (d < least) [first, second, least] = [a, b, d];
      }
    });
    const both = clusterOf([...first.members, ...second.members], Math.min(first.range, second.range), [first, second]);
    clusters = [...clusters.filter((x) => x !== first && x !== second), both];
  }
  return clusters[0];
}

/** The circle is at least so many times larger than the cluster, and the nearest other eigenvalue as many times farther. */
const CLEARANCE = 1.7;

/** What is left of an error that falls by the clearance from point to point: e^-38. */
const DIGITS = 38;
const FEWEST = 64;

/** A circle around the cluster, or, if none is both small and wide enough, circles around its parts. */
function circlesOf(cluster: Cluster, others: readonly Complex[]): readonly Circle[] {
  const { centre, size, range, parts } = cluster;
  const gap = others.reduce((least, z) => Math.min(least, modulus(minus(z, centre))), Infinity);
  const inner = CLEARANCE * size;
  const fits = inner <= range && gap >= CLEARANCE * inner;
  if (parts.length > 0 && !fits) {
    const [a, b] = parts;
    return [...circlesOf(a, [...others, ...b.members]), ...circlesOf(b, [...others, ...a.members])];
  }
  // as wide as it may be: close to eigenvalues that are almost defective the resolvent is large
  const radius = Math.max(inner, Math.min(range, gap / 4));
  const ratio = Math.min(radius / size, gap / radius);
  return [{ centre, radius, points: Math.max(FEWEST, Math.ceil(DIGITS / log(ratio))) }];
}

/** Circles around all eigenvalues, each around some. */
export function circlesAround(eigenvalues: readonly Complex[], f: Scalar): readonly Circle[] {
  if (eigenvalues.length === 0) return [];
  // of eigenvalues that are equal, one is enough
  const apart = eigenvalues.filter((z, i) => eigenvalues.findIndex((y) => y.re === z.re && y.im === z.im) === i);
  return circlesOf(tree(apart.map((z) => clusterOf([z], rangeOf(f, z), []))), []);
}
