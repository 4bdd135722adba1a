/** Errors in words that people can act on. */

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  errors?: { field: string; message: string }[] | null;
}

/** What the gateway answered instead of what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What is wrong with each field of what was sent, by its path. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(status: number, problem: Problem) {
    super(problem.detail || problem.title || "Something went wrong at our end.");
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? "";
    this.fields = Object.fromEntries((problem.errors ?? []).map(({ field, message }) => [field, message]));
  }
}

/** Nothing came back at all. */
export class Unreachable extends Error {
  constructor() {
    super("Kefu cannot be reached. Check the connection.");
    this.name = "Unreachable";
  }
}

/** A reason for people; never a stack trace or a status code. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Unreachable) return sentence(error.message);
  return "Something unexpected went wrong on this page.";
}

function sentence(text: string): string {
  return /[.!?…]$/u.test(text) ? text : `${text}.`;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; everything else is thrown with its reason. */
export async function unwrap<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch {
    throw new Unreachable();
  }
  if (!answer.response.ok) {
    const problem = answer.error;
    throw new ApiError(
      answer.response.status,
      typeof problem === "object" && problem !== null ? (problem as Problem) : {},
    );
  }
  return answer.data as T;
}

/** Trying again helps only when nothing or something temporary came back. */
export function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}
