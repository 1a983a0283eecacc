/**
 * A value of a template as text in which equal values are equal: a reference is `${Id}`, an attribute `${Id.Attribute}`, and
 * `Fn::Join` without a delimiter and `Fn::Sub` are joined.
 */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, argument], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === 'Ref') return `\${${argument}}`;
    if (key === 'Fn::GetAtt') return `\${${Array.isArray(argument) ? argument.join('.') : argument}}`;
    if (key === 'Fn::Join' && argument[0] === '') return argument[1].map(textOf).join('');
    if (key === 'Fn::Sub' && typeof argument === 'string') return argument;
  }
  return JSON.stringify(value);
}

/** The logical id that a reference of a template names; undefined for another value. */
export function referencedId(value: unknown): string | undefined {
  return /^\$\{([A-Za-z0-9]+)(?:\.\w+)?\}$/.exec(textOf(value))?.[1];
}
