/** Bounds of the smoke test's hook, ours, within those of Lambda and CodeDeploy. */
export const SMOKE_TEST = {
  attemptsMax: 10,
  /** What all tests of one hook take in its environment: 4,096 bytes less the names and room to spare. */
  testsMaxBytes: 3_800,
} as const;
