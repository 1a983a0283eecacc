const SHAPES: Record<string, (value: unknown) => boolean> = {
  string: value => typeof value === 'string',
  number: value => typeof value === 'number',
  boolean: value => typeof value === 'boolean',
  list: value => Array.isArray(value),
  object: value => isObject(value),
  present: value => value !== undefined && value !== null,
};

/** The differences of a response from the expected response. Members of an object that are not expected are no difference. */
export function differences(expected: unknown, actual: unknown, place = 'response'): string[] {
  if (isObject(expected) && typeof expected.$shape === 'string') {
    return SHAPES[expected.$shape](actual) ? [] : [`${place} must be ${expected.$shape}, got ${describe(actual)}`];
  }
  if (expected === null || typeof expected !== 'object') {
    return expected === actual ? [] : [`${place} must be ${describe(expected)}, got ${describe(actual)}`];
  }
  const got = typeof actual === 'string' ? parse(actual) : actual;
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) {
      return [`${place} must be a list of ${expected.length}, got ${Array.isArray(got) ? `${got.length} items` : describe(got)}`];
    }
    return expected.flatMap((item, n) => differences(item, got[n], `${place}[${n}]`));
  }
  if (!isObject(got)) return [`${place} must be an object, got ${describe(got)}`];
  return Object.entries(expected).flatMap(([key, value]) => differences(value, Object.hasOwn(got, key) ? got[key] : undefined, `${place}.${key}`));
}

/** The parsed JSON of a text, such as the body of a response to API Gateway; the text if it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
