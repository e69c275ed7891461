// How long does one run take?

/** Samples shorter than this are told apart badly. */
const shortest = 20;

const timed = (run, times) => {
  const begin = performance.now();
  for (let i = 0; i < times; i++) run();
  return performance.now() - begin;
};

/** The median of at least three samples of many runs each; one run alone if that takes longer than the share of the round. */
export function millisecondsPerRun(run, seconds) {
  const begin = performance.now();
  let elapsed = timed(run, 1);
  if (elapsed > 1000 * seconds) return elapsed;
  let times = 1;
  while (elapsed < shortest) {
    times = Math.max(times + 1, Math.ceil((1.2 * times * shortest) / Math.max(elapsed, 0.1)));
    elapsed = timed(run, times);
  }
  const samples = [elapsed / times];
  while (samples.length < 3 || performance.now() - begin < 1000 * seconds) samples.push(timed(run, times) / times);
  samples.sort((a, b) => a - b);
  return samples[samples.length >> 1];
}
