/** Limits of this library for the hook of smoke tests, within the limits of Lambda and CodeDeploy. */
export const SMOKE_TEST = {
  attemptsMax: 10,
  /** The size of all tests of one hook in its environment: the 4,096 bytes of Lambda, minus names and a reserve. */
  testsMaxBytes: 3_800,
} as const;
