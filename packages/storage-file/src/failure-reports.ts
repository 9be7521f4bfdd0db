/** Says a failure once, and again only after what failed has worked. */
export interface FailureReports {
  failed(error: Error): void;
  worked(): void;
}

export function createFailureReports(say: (error: Error) => void): FailureReports {
  let isSaid = false;

  return {
    failed(error) {
      if (!isSaid) say(error);
      isSaid = true;
    },
    worked() {
      isSaid = false;
    },
  };
}
