interface RuntimeDates {
  /** The day on which AWS stops patching the runtime. */
  readonly deprecated: string;
  /** The day from which no new function can use the runtime, if it is announced. */
  readonly createBlocked?: string;
  readonly successor: string;
}

/** The day on which the dates were compared with the documentation. */
export const RUNTIME_ENDS_AS_OF = '2026-11-23';

/**
 * The deprecation dates of all runtimes for which AWS documents one, as of November 2026. `.ci/runtimes` compares them with
 * the table of cfn-lint.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export const RUNTIME_ENDS: Record<string, RuntimeDates> = {
  'nodejs': { deprecated: '2016-10-31', successor: 'nodejs24.x' },
  'nodejs4.3': { deprecated: '2020-03-05', successor: 'nodejs24.x' },
  'nodejs4.3-edge': { deprecated: '2020-03-05', successor: 'nodejs24.x' },
  'nodejs6.10': { deprecated: '2019-08-12', successor: 'nodejs24.x' },
  'nodejs8.10': { deprecated: '2020-03-06', successor: 'nodejs24.x' },
  'nodejs10.x': { deprecated: '2021-07-30', successor: 'nodejs24.x' },
  'nodejs12.x': { deprecated: '2023-03-31', successor: 'nodejs24.x' },
  'nodejs14.x': { deprecated: '2023-12-04', successor: 'nodejs24.x' },
  'nodejs16.x': { deprecated: '2024-06-12', createBlocked: '2027-02-01', successor: 'nodejs24.x' },
  'nodejs18.x': { deprecated: '2025-09-01', createBlocked: '2027-02-01', successor: 'nodejs24.x' },
  'nodejs20.x': { deprecated: '2026-04-30', createBlocked: '2027-02-01', successor: 'nodejs24.x' },
  'nodejs22.x': { deprecated: '2027-04-30', createBlocked: '2027-06-01', successor: 'nodejs24.x' },
  'nodejs24.x': { deprecated: '2028-04-30', createBlocked: '2028-06-01', successor: 'the next long-term release' },
  'python2.7': { deprecated: '2021-07-15', successor: 'python3.14' },
  'python3.6': { deprecated: '2022-07-18', successor: 'python3.14' },
  'python3.7': { deprecated: '2023-12-04', successor: 'python3.14' },
  'python3.8': { deprecated: '2024-10-14', createBlocked: '2027-02-01', successor: 'python3.14' },
  'python3.9': { deprecated: '2025-12-15', createBlocked: '2027-02-01', successor: 'python3.14' },
  'python3.10': { deprecated: '2026-10-31', createBlocked: '2027-02-01', successor: 'python3.14' },
  'python3.11': { deprecated: '2027-06-30', createBlocked: '2027-07-31', successor: 'python3.14' },
  'python3.12': { deprecated: '2028-10-31', createBlocked: '2028-11-30', successor: 'python3.14' },
  'python3.13': { deprecated: '2029-06-30', createBlocked: '2029-07-31', successor: 'python3.14' },
  'python3.14': { deprecated: '2029-06-30', createBlocked: '2029-07-31', successor: 'the next version' },
  'java8': { deprecated: '2024-01-08', successor: 'java25' },
  'java8.al2': { deprecated: '2027-06-30', createBlocked: '2027-07-31', successor: 'java8.al2023' },
  'java11': { deprecated: '2027-06-30', createBlocked: '2027-07-31', successor: 'java11.al2023' },
  'java17': { deprecated: '2027-06-30', createBlocked: '2027-07-31', successor: 'java17.al2023' },
  'java21': { deprecated: '2029-06-30', createBlocked: '2029-07-31', successor: 'java25' },
  'java25': { deprecated: '2029-06-30', createBlocked: '2029-07-31', successor: 'the next version' },
  'dotnetcore1.0': { deprecated: '2019-06-27', successor: 'dotnet10' },
  'dotnetcore2.0': { deprecated: '2019-05-30', successor: 'dotnet10' },
  'dotnetcore2.1': { deprecated: '2022-01-05', successor: 'dotnet10' },
  'dotnetcore3.1': { deprecated: '2023-04-03', successor: 'dotnet10' },
  'dotnet5.0': { deprecated: '2022-05-10', successor: 'dotnet10' },
  'dotnet6': { deprecated: '2024-12-20', createBlocked: '2027-02-01', successor: 'dotnet10' },
  'dotnet7': { deprecated: '2024-05-14', successor: 'dotnet10' },
  'dotnet8': { deprecated: '2026-11-10', createBlocked: '2027-02-01', successor: 'dotnet10' },
  'dotnet9': { deprecated: '2026-11-10', successor: 'dotnet10' },
  'dotnet10': { deprecated: '2028-11-14', createBlocked: '2028-12-14', successor: 'the next long-term release' },
  'go1.x': { deprecated: '2024-01-08', successor: 'provided.al2023' },
  'provided': { deprecated: '2024-01-08', successor: 'provided.al2023' },
  'provided.al2': { deprecated: '2026-07-31', createBlocked: '2027-02-01', successor: 'provided.al2023' },
  'provided.al2023': { deprecated: '2029-06-30', createBlocked: '2029-07-31', successor: 'the next version' },
  'ruby2.5': { deprecated: '2021-07-30', successor: 'ruby4.0' },
  'ruby2.7': { deprecated: '2023-12-07', successor: 'ruby4.0' },
  'ruby3.2': { deprecated: '2026-03-31', createBlocked: '2027-02-01', successor: 'ruby4.0' },
  'ruby3.3': { deprecated: '2027-03-31', createBlocked: '2027-04-30', successor: 'ruby4.0' },
  'ruby3.4': { deprecated: '2028-03-31', createBlocked: '2028-04-30', successor: 'ruby4.0' },
  'ruby4.0': { deprecated: '2029-03-31', createBlocked: '2029-04-30', successor: 'the next version' },
};

/** The notice before the deprecation of a runtime, a choice of this library: AWS announces it 180 days before. */
export const RUNTIME_NOTICE_DAYS = 180;

/** Whole days from one ISO date to another; negative if the second is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The first version of Node.js whose runtime rejects handlers with a callback. */
const FIRST_NODE_WITHOUT_CALLBACKS = 24;

/**
 * Whether a runtime is one of Node.js that rejects handlers with a callback.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function rejectsCallbacks(runtime: string): boolean {
  return Number(/^nodejs(\d+)\.x$/.exec(runtime)?.[1] ?? 0) >= FIRST_NODE_WITHOUT_CALLBACKS;
}

/**
 * Whether Node.js detects ES modules in files that package.json does not declare as such. Lambda switches the detection off in Node.js 22,
 * unless `NODE_OPTIONS` switches it on.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function detectsEsModules(runtime: string, nodeOptions: string): boolean {
  return runtime !== 'nodejs22.x' || nodeOptions.includes('--experimental-detect-module');
}
