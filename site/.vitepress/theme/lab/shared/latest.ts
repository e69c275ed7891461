// How does a worker answer the last question only?

/**
 * Asks a worker one question at a time; while it computes, of the questions that come only the last one is kept. An answer comes
 * with its question.
 */
export function latest<Q, A>(
  make: () => Worker,
  answered: (answer: A, question: Q) => void,
): { ask(question: Q): void; stop(): void } {
  let worker: Worker | undefined;
  let busy = false;
  let asked: Q | undefined;
  let next: { question: Q } | undefined;
  const send = (question: Q) => {
    if (!worker) {
      worker = make();
      worker.onmessage = ({ data }: MessageEvent<A>) => {
        busy = false;
        answered(data, asked as Q);
        if (next) send(next.question);
      };
    }
    busy = true;
    asked = question;
    next = undefined;
    worker.postMessage(question);
  };
  return {
    ask(question) {
      if (busy) next = { question };
      else send(question);
    },
    stop() {
      worker?.terminate();
      worker = undefined;
      busy = false;
      next = undefined;
    },
  };
}
