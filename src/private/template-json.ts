/** The shortest value of each pseudo parameter over all accounts, Regions and partitions. */
const SHORTEST: Record<string, number> = { 'AWS::Partition': 3, 'AWS::Region': 9, 'AWS::AccountId': 12, 'AWS::URLSuffix': 10 };

/**
 * The fewest characters that a resolved JSON value can have after CloudFormation has replaced its references.
 * Unknown references count as one character, so the result is a lower bound.
 */
export function minimumJsonLength(value: unknown): number {
  if (Array.isArray(value)) return 2 + separated(value.map(minimumJsonLength));
  if (value === null || typeof value !== 'object') return JSON.stringify(value)?.length ?? 0;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  if (entries.length === 1 && isIntrinsic(entries[0][0])) return 2 + minimumTextLength(value);
  return 2 + separated(entries.map(([key, v]) => JSON.stringify(key).length + 1 + minimumJsonLength(v)));
}

/** The fewest characters that a resolved text can have in JSON, without the quotes. */
export function minimumTextLength(value: unknown): number {
  if (typeof value === 'string') return JSON.stringify(value).length - 2;
  if (value === null || typeof value !== 'object') return String(value).length;
  const [key, argument] = Object.entries(value)[0] ?? [];
  if (key === 'Ref') return SHORTEST[argument as string] ?? 1;
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const parts = argument[1].map(minimumTextLength);
    return parts.reduce((sum, n) => sum + n, 0) + String(argument[0]).length * Math.max(0, parts.length - 1);
  }
  return 1;
}

/**
 * A resolved value as readable text with references in angle brackets: `<Bucket.Arn>/*`. The ids of cdk-nag's findings
 * have the same form.
 */
export function flattenReference(value: unknown): string {
  if (typeof value === 'string') return value;
  const [key, argument] = Object.entries(value ?? {})[0] ?? [];
  if (key === 'Ref') return `<${argument}>`;
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  if (key === 'Fn::Join' && Array.isArray(argument?.[1])) return argument[1].map(flattenReference).join(argument[0]);
  return JSON.stringify(value) ?? '';
}

/** The entries of a map in the order of their keys. Maps of Java and Go have no order, and the template must not depend on it. */
export function sortedEntries<T>(map: { readonly [key: string]: T }): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => a < b ? -1 : 1);
}

/** The same JSON with the keys of all its objects in order. */
export function sortedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedKeys) as T;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(sortedEntries(value as { [key: string]: unknown }).map(([key, part]) => [key, sortedKeys(part)])) as T;
}

function separated(lengths: number[]): number {
  return lengths.reduce((sum, n) => sum + n, 0) + Math.max(0, lengths.length - 1);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}
