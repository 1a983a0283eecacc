import { type IResolvable, type IResolveContext, Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { TOKEN_MARK } from './cdk-internals';
import { withNamedReferences } from './reference-text';

/** What a search accepts. */
export interface Sought {
  reference(reference: Reference): boolean;
  /** For each text and each key of an object, with the marks of their tokens. */
  text?(text: string): boolean;
}

/**
 * Whether a value contains what a search accepts, in a text, a lazy value or a policy too. A search takes a fraction of the time of
 * resolving the value, because it builds no text.
 *
 * @param scope The construct that uses the value
 * @param value A token, a text with tokens, or a structure that contains them
 */
export function contains(scope: IConstruct, value: unknown, sought: Sought): boolean {
  return new Search(scope, sought).in(value);
}

class Search {
  private inContext = false;
  private readonly context: IResolveContext;
  /** The results of texts with tokens: a resource repeats them, as the metrics of an alarm do. */
  private readonly texts = new Map<string, boolean>();

  constructor(scope: IConstruct, private readonly sought: Sought) {
    this.context = {
      scope,
      preparing: false,
      documentPath: [],
      registerPostProcessor: () => undefined,
      // A token that makes a text of other tokens, such as JSON, resolves them itself.
      resolve: value => {
        if (typeof value !== 'object' && !Token.isUnresolved(value)) return value;
        this.inContext ||= this.in(value);
        return withNamedReferences(scope, value);
      },
    };
  }

  public in(value: unknown): boolean {
    switch (typeof value) {
      case 'string': return this.inText(value);
      case 'number': return Token.isUnresolved(value) && this.inToken(Tokenization.reverseNumber(value)!);
      case 'object': return value !== null && this.inObject(value);
      default: return false;
    }
  }

  private inText(text: string): boolean {
    if (this.sought.text?.(text)) return true;
    if (!text.includes(TOKEN_MARK)) return false;
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    this.texts.set(text, false); // a text that contains itself contains nothing more
    const isFound = Tokenization.reverseString(text).tokens.some(token => this.inToken(token));
    this.texts.set(text, isFound);
    return isFound;
  }

  private inObject(value: object): boolean {
    if (Tokenization.isResolvable(value)) return this.inToken(value);
    if (Array.isArray(value)) {
      const list = value.length === 1 && typeof value[0] === 'string' ? Tokenization.reverseList(value) : undefined;
      return list ? this.inToken(list) : value.some(part => this.in(part));
    }
    for (const key in value) {
      const part = (value as Record<string, unknown>)[key];
      if (part === undefined) continue;
      const mayMatch = this.sought.text !== undefined || key.includes(TOKEN_MARK); // most keys are plain
      if ((mayMatch && this.inText(key)) || this.in(part)) return true;
    }
    return false;
  }

  private inToken(token: IResolvable): boolean {
    if (Reference.isReference(token)) return this.sought.reference(token);
    const value: unknown = token.resolve(this.context);
    return this.inContext || this.in(value);
  }
}
