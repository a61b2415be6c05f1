// A client in TypeScript, on Node.js alone: node squares.ts [address of the service]. Node.js 22.18 or later runs it as it is.

/** What one side has; the squares are left out with view=summary. JSON.parse has sums up to 2^53 exactly. */
type Side = { pid: number; count: number; sum: number; squares?: number[] };

type Answer = {
  match: boolean;
  /** Of one child. */
  childReported?: Side;
  /** Of several. */
  childrenReported?: Side[];
  parentObserved: Side;
};

type ProblemDetail = { type: string; detail: string; action: string };

/** A problem detail, see RFC 9457. */
class Problem extends Error {
  readonly type: string;
  readonly action: string;

  constructor({ type, detail, action }: ProblemDetail) {
    super(detail);
    this.type = type.slice(type.lastIndexOf(":") + 1);
    this.action = action;
  }
}

const service = process.argv[2] ?? "http://localhost:8080";

/** The answer to a list of integers. */
async function square(numbers: number[], options: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${service}/square?${new URLSearchParams(options)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(numbers),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) {
    throw new Problem((await response.json()) as ProblemDetail);
  }
  return (await response.json()) as Answer;
}

async function main(): Promise<void> {
  for (const ipc of ["shared-memory", "none", "message-passing"]) {
    const answer = await square([1, 2, 3, 4], { ipc });
    console.log(
      `${ipc}: the child reports ${JSON.stringify(answer.childReported?.squares)},`,
      `the parent observes ${JSON.stringify(answer.parentObserved.squares)}`,
    );
  }

  const numbers = Array.from({ length: 100_000 }, (_, i) => i + 1);
  for (const sum of ["unsynchronized", "atomic"]) {
    const answer = await square(numbers, { processes: "2", sum, view: "summary" });
    const lost = answer.match ? "no update was lost" : "updates were lost";
    console.log(`${sum}: ${answer.childrenReported?.length} children, ${lost}`);
  }

  try {
    await square([1, 2.5]);
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    console.log(`${problem.type}: ${problem.message} ${problem.action}`);
  }
}

main();
