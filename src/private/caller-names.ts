/**
 * Adds the names that props have in Python, if the app is in Python: the jsii runtime states the language in JSII_AGENT.
 * Java has the names of TypeScript; Go and .NET begin them with a capital letter.
 */
export function withPythonNames(message: string): string {
  if (!process.env.JSII_AGENT?.startsWith('Python/')) return message;
  const inPython = ([quoted]: RegExpMatchArray) => quoted.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  const names = new Set([...message.matchAll(/'[a-z]+(?:[A-Z][a-z\d]*)+'/g)].map(inPython));
  return names.size === 0 ? message : `${message} (in Python: ${[...names].join(', ')})`;
}
