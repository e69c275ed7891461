// How do several threads work on one plan?
//
// All see one memory, and all have the functions of the plan. The thread that asks writes down which function it wants and
// counts up; all run it, each its part of every loop, and meet after each loop. Nothing is added up across parts, so the bits
// do not depend on how many threads there are.
import { currentTeam, type Helpers, setTeam } from "./current-team.js";
import { pays, together } from "./division.js";
import { assemble, type Code, type FunctionSource } from "./encoding.js";
import { callables, type Engine, engineHere, type Memory, PAGE, type Run } from "./engine.js";
import {
  addShared,
  again,
  choose,
  drop,
  get,
  integer,
  lessInteger,
  makeFunction,
  plusInteger,
  readShared,
  sameInteger,
  set,
  sleepWhile,
  when,
  writeShared,
} from "./instructions.js";
import { makeCaller, type Resident, type Work } from "./loops.js";

/** Where the integers stand with which threads speak to each other; what is waited for has a line of the cache of its own. */
const [CALLS, KIND, MODULE, LIST, AT, LENGTH, ANSWERS, REFUSALS, ARRIVED, PHASE] = [
  0, 16, 17, 18, 19, 20, 32, 33, 48, 64,
];
/** So many numbers belong to them. */
const CONTROL = 64;

const [LOAD, RUN, FORGET, STOP] = [1, 2, 3, 4];

/** The largest memory: 2 GiB. */
const PAGES = 32768;

/** What a thread is given when it begins. */
export interface Invitation {
  readonly memory: Memory;
  readonly part: number;
  readonly parts: number;
}

/** Rounds of looking before a thread lies down: some hundred microseconds. */
const PATIENCE = 200_000;

/** How long an answer is waited for, in milliseconds. */
const LAST_WORD = 20_000;

/** How long a thread sleeps that waits for others of its loop, in nanoseconds. */
const NAP = 50_000;

/** (part, parts): returns when all have called it. The thread that asks is not put to sleep, which a page would forbid. */
const meeting = (): FunctionSource =>
  makeFunction(2, (scope, part, parts) => {
    const [phase, looked] = [scope.integer(), scope.integer()];
    const arrived: Code = plusInteger(addShared(4 * ARRIVED, integer(1)), integer(1));
    const waiting = sameInteger(readShared(4 * PHASE), get(phase));
    scope.write(
      [readShared(4 * PHASE), set(phase)],
      choose(
        sameInteger(arrived, get(parts)),
        [writeShared(4 * ARRIVED, integer(0)), addShared(4 * PHASE, integer(1)), drop],
        again(
          [plusInteger(get(looked), integer(1)), set(looked)],
          when(
            lessInteger(integer(PATIENCE), get(looked)),
            when(get(part), [sleepWhile(4 * PHASE, get(phase), NAP), drop]),
          ),
          waiting,
        ),
      ),
    );
  });

/** Those who compute together. */
export interface Team extends Helpers {
  /** Whether it has not been stopped. */
  ready(): boolean;
  stop(): void;
}

let teams = 0;

/** The memory of a team; nothing where threads cannot share any. */
export function makeSharedMemory(engine: Engine | undefined = engineHere()): Memory | undefined {
  try {
    const memory = engine && new engine.Memory({ initial: 16, maximum: PAGES, shared: true });
    return memory?.buffer instanceof SharedArrayBuffer ? memory : undefined;
  } catch {
    return undefined;
  }
}

const classOf = (numbers: number): number => 2 ** Math.ceil(Math.log2(Math.max(16, numbers)));

/** Makes the team on a memory in which `parts` − 1 threads listen already. */
export function formTeam(memory: Memory, parts: number): Team {
  const engine = engineHere() as Engine;
  const control = new Int32Array(memory.buffer, 0, 2 * CONTROL);
  const idle = new Map<number, number[]>();
  let end = CONTROL;
  let modules = 0;
  let stopped = false;
  const registry = new FinalizationRegistry((act: () => void) => act());

  function tell(kind: number, module: number, list = 0, at = 0, length = 0): void {
    control[KIND] = kind;
    control[MODULE] = module;
    control[LIST] = list;
    control[AT] = at;
    control[LENGTH] = length;
    Atomics.add(control, CALLS, 1);
    Atomics.notify(control, CALLS);
  }
  /** Whether all threads agree. One that does not answer for seconds is no longer there: then the team is none. */
  function waitForAnswers(): boolean {
    for (let begin = Date.now(); Atomics.load(control, ANSWERS) < parts - 1; ) {
      if (Date.now() - begin < LAST_WORD) continue;
      team.stop();
      return false;
    }
    Atomics.store(control, ANSWERS, 0);
    return Atomics.exchange(control, REFUSALS, 0) === 0;
  }
  /** A place for so many numbers, even. @throws RangeError if the memory is full. */
  function take(numbers: number): number {
    const size = classOf(numbers);
    const found = idle.get(size)?.pop();
    if (found !== undefined) return found;
    const missing = Math.ceil((8 * (end + size)) / PAGE) - memory.buffer.byteLength / PAGE;
    if (missing > 0) memory.grow(Math.max(missing, 16));
    end += size;
    return end - size;
  }

  function giveBack(place: number, numbers: number): void {
    const size = classOf(numbers);
    const list = idle.get(size);
    if (list) list.push(place);
    else idle.set(size, [place]);
  }

  /** The functions of a module, known to all under a number; nothing if a thread cannot have them. */
  function load(bytes: Uint8Array): { readonly run: Readonly<Record<string, Run>>; readonly id: number } | undefined {
    const numbers = Math.ceil(bytes.length / 8);
    const place = take(numbers);
    new Uint8Array(memory.buffer, 8 * place, bytes.length).set(bytes);
    const id = modules++;
    try {
      const run = callables(engine, bytes, memory);
      tell(LOAD, id, 0, 8 * place, bytes.length);
      return waitForAnswers() ? { run, id } : undefined;
    } finally {
      giveBack(place, numbers);
    }
  }

  /** Runs a list of loops in all threads. */
  function call(run: Readonly<Record<string, Run>>, id: number, list: number): void {
    tell(RUN, id, list);
    run[`team${list}`](0, parts);
  }

  function makeResident(numbers: number, lists: readonly (readonly Work[])[]): Resident | undefined {
    if (!lists.some(pays)) return undefined;
    // 2 numbers more: a pair may reach over the end.
    const size = numbers + 2;
    let start: number | undefined;
    try {
      start = take(size);
      const caller = makeCaller(start);
      const alone = lists.map((list) => makeFunction(0, (scope) => scope.write(...list.map(caller.whole))));
      const meet = caller.functions.length;
      const divided = lists.map((list) =>
        makeFunction(2, (scope, part, all) => together(scope, part, all, caller, list, meet)),
      );
      const source = [
        ...[...caller.functions, meeting()].map((one) => [undefined, one] as const),
        ...alone.map((one, i) => [`run${i}`, one] as const),
        ...divided.map((one, i) => [`team${i}`, one] as const),
      ];
      const loaded = load(assemble(source, PAGES));
      if (loaded === undefined) throw new RangeError("a thread refuses");
      return watched(loaded, start, size, lists);
    } catch {
      if (start !== undefined) giveBack(start, size);
      return undefined;
    }
  }

  /** A plan whose place is given back when nobody has its memory any more. */
  function watched(
    { run, id }: NonNullable<ReturnType<typeof load>>,
    start: number,
    size: number,
    lists: readonly (readonly Work[])[],
  ): Resident {
    const view = new Float64Array(memory.buffer, 8 * start, size);
    registry.register(view, () => {
      giveBack(start, size);
      if (stopped) return;
      tell(FORGET, id);
      waitForAnswers();
    });
    const runs = lists.map((list, i) => {
      const single = run[`run${i}`];
      return pays(list) ? () => (stopped ? single() : call(run, id, i)) : single;
    });
    return { memory: view, run: runs };
  }

  const team: Team = {
    serial: ++teams,
    makeResident,
    ready: () => !stopped,
    stop() {
      if (stopped) return;
      stopped = true;
      tell(STOP, 0);
      if (currentTeam() === team) setTeam(undefined);
    },
  };
  setTeam(team);
  return team;
}

/** What a thread does from beginning to end. */
export function listen({ memory, part, parts }: Invitation): void {
  const engine = engineHere() as Engine;
  const control = new Int32Array(memory.buffer, 0, 2 * CONTROL);
  const modules = new Map<number, Readonly<Record<string, Run>>>();
  for (let heard = 0; ; heard++) {
    for (let looked = 0; Atomics.load(control, CALLS) === heard; looked++) {
      if (looked > PATIENCE) Atomics.wait(control, CALLS, heard);
    }
    const id = control[MODULE];
    switch (control[KIND]) {
      case STOP:
        return;
      case RUN:
        modules.get(id)?.[`team${control[LIST]}`](part, parts);
        break;
      case FORGET:
        modules.delete(id);
        Atomics.add(control, ANSWERS, 1);
        break;
      default:
        try {
          const [at, length] = [control[AT], control[LENGTH]];
          modules.set(id, callables(engine, new Uint8Array(memory.buffer, at, length).slice(), memory));
        } catch {
          Atomics.add(control, REFUSALS, 1);
        }
        Atomics.add(control, ANSWERS, 1);
    }
  }
}
