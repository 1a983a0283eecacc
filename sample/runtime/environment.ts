/** An environment variable that the handler requires. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is missing`);
  return value;
}

/** An environment variable that must be a positive whole number. */
export function requiredNumber(name: string): number {
  const text = required(name);
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Error(`environment variable ${name} must be a positive whole number, got '${text}'`);
  return Number(text);
}
