/**
 * A compiled expression of CloudWatch metric math. It reads the value of a metric or of another expression by its id. NaN is a
 * missing data point, as it is the result of a division by zero.
 */
export interface Expression {
  (valueOf: (id: string) => number): number;
}

/** Arguments of a function: each is one expression, or the expressions of an array. */
type Argument = Expression[];

const BINARY: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => b === 0 ? NaN : a / b,
  '^': (a, b) => a ** b,
  '<': (a, b) => ifBoth(a, b, a < b),
  '<=': (a, b) => ifBoth(a, b, a <= b),
  '>': (a, b) => ifBoth(a, b, a > b),
  '>=': (a, b) => ifBoth(a, b, a >= b),
  '==': (a, b) => ifBoth(a, b, a === b),
  '!=': (a, b) => ifBoth(a, b, a !== b),
  'AND': (a, b) => ifBoth(a, b, a !== 0 && b !== 0),
  'OR': (a, b) => ifBoth(a, b, a !== 0 || b !== 0),
};
/** Operators from the lowest precedence to the highest. */
const LEVELS = [['OR', '||'], ['AND', '&&'], ['==', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/'], ['^']];
const SYNONYMS: Record<string, string> = { '||': 'OR', '&&': 'AND' };

const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/^<>(),[\]]))/y;

/**
 * Compiles an expression. Throws an error for syntax and functions that it does not know.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function compileExpression(text: string): Expression {
  return new Parser(text).parse();
}

class Parser {
  private readonly tokens: string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = tokensOf(text);
  }

  public parse(): Expression {
    const expression = this.level(0);
    if (this.at < this.tokens.length) this.fail(this.tokens[this.at]);
    return expression;
  }

  private level(level: number): Expression {
    if (level === LEVELS.length) return this.unary();
    let left = this.level(level + 1);
    while (LEVELS[level].includes(this.tokens[this.at])) {
      const token = this.tokens[this.at++];
      const [a, b, apply] = [left, this.level(level + 1), BINARY[SYNONYMS[token] ?? token]];
      left = valueOf => apply(a(valueOf), b(valueOf));
    }
    return left;
  }

  private unary(): Expression {
    if (!this.take('-')) return this.primary();
    // A power binds more tightly than the sign.
    const value = this.level(LEVELS.length - 1);
    return valueOf => -value(valueOf);
  }

  private primary(): Expression {
    const token = this.tokens[this.at++] ?? this.fail('the end');
    if (token === '(') {
      const inner = this.level(0);
      this.expect(')');
      return inner;
    }
    if (/^[\d.]/.test(token)) return constant(Number(token));
    if (!/^[A-Za-z]/.test(token)) this.fail(token);
    if (this.take('(')) return call(token, this.arguments(')'), () => this.fail(token));
    return valueOf => valueOf(token);
  }

  private arguments(end: string): Argument[] {
    const found: Argument[] = [];
    do {
      found.push(this.take('[') ? this.arguments(']').flat() : [this.level(0)]);
    } while (this.take(','));
    this.expect(end);
    return found;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail(this.tokens[this.at] ?? 'the end');
  }

  private fail(found: string): never {
    throw new Error(`'${found}' is not part of the metric math that is evaluated, in '${this.text}'`);
  }
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`'${text.slice(from)}' is not part of the metric math that is evaluated, in '${text}'`);
    tokens.push(match[1] ?? match[2] ?? match[3]);
  }
  return tokens;
}

function call(name: string, args: Argument[], fail: () => never): Expression {
  const [first, second, third] = args.map(([argument]) => argument);
  const all = args.flat();
  switch (name) {
    case 'IF':
      return valueOf => {
        const condition = first(valueOf);
        if (Number.isNaN(condition)) return NaN;
        return condition !== 0 ? second(valueOf) : third?.(valueOf) ?? NaN;
      };
    case 'FILL':
      return valueOf => {
        const value = first(valueOf);
        return Number.isNaN(value) ? second(valueOf) : value;
      };
    case 'MAX': return reduce(all, Math.max);
    case 'MIN': return reduce(all, Math.min);
    case 'SUM': return reduce(all, (a, b) => a + b);
    case 'ABS': return valueOf => Math.abs(first(valueOf));
    case 'LOG': return valueOf => Math.log(first(valueOf));
    default: return fail();
  }
}

/** Missing data points of an array are left out. */
function reduce(all: Expression[], combine: (a: number, b: number) => number): Expression {
  return valueOf => {
    let result = NaN;
    for (const one of all) {
      const value = one(valueOf);
      if (!Number.isNaN(value)) result = Number.isNaN(result) ? value : combine(result, value);
    }
    return result;
  };
}

function constant(value: number): Expression {
  return () => value;
}

function ifBoth(a: number, b: number, result: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  return result ? 1 : 0;
}
