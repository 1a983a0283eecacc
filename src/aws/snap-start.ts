/**
 * The oldest runtime of each language that SnapStart supports.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
 */
const OLDEST_RUNTIMES = ['java11', 'python3.12', 'dotnet8'];

/** The oldest runtime with SnapStart in the language of a runtime. Undefined for a language without SnapStart. */
export function oldestSnapStartRuntime(runtime: string): string | undefined {
  const language = languageOf(runtime);
  return OLDEST_RUNTIMES.find(oldest => languageOf(oldest) === language);
}

/** The name of a runtime without its version; .NET runtimes before 5 are named `dotnetcore`. */
function languageOf(runtime: string): string {
  return runtime.replace(/(?:core)?\d.*$/, '');
}
