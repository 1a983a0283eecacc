/** The sum, if every value is known. */
export function knownSum(values: (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined);
  return known.length === values.length ? known.reduce((total, value) => total + value, 0) : undefined;
}
