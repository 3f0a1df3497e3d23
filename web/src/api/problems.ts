/** The server's problem+json answers as one typed error. */

export type FieldProblem = { pointer: string; message: string; code: string };

type ProblemBody = {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  errors?: FieldProblem[];
};

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldProblem[];

  constructor(status: number, body: ProblemBody) {
    super(body.detail || body.title || `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.errors = body.errors ?? [];
  }

  /** Messages by form field: the pointer "/fields/3" becomes "fields.3". */
  get fields(): Record<string, string> {
    return Object.fromEntries(
      this.errors.map((problem) => [problem.pointer.replace(/^\//, '').replaceAll('/', '.'), problem.message]),
    );
  }
}

/** The server could not be reached at all. */
export class OfflineError extends Error {
  constructor() {
    super('The server cannot be reached. Check that Waypost is running.');
    this.name = 'OfflineError';
  }
}

export async function toApiError(response: Response): Promise<ApiError> {
  try {
    return new ApiError(response.status, (await response.json()) as ProblemBody);
  } catch {
    return new ApiError(response.status, { title: response.statusText });
  }
}

export function isStatus(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.errors[0]?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
