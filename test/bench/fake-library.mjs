// What does a library look like to bench/peers/serve.mjs?
export async function open(precision) {
  const sum = ({ x }, { times }) => ({
    sum: () => [[times * x.data.reduce((total, entry) => total + entry, 0)], x.shape],
    broken: () => {
      throw new Error("it does not converge");
    },
  });
  console.log("noise that is no answer");
  return { about: { name: "fake", version: "1", precision }, tasks: { sum } };
}
