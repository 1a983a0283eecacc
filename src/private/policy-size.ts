/** What the pseudo parameters are at least as long as, whatever the account. */
const SHORTEST: Record<string, number> = { 'AWS::Partition': 3, 'AWS::Region': 9, 'AWS::AccountId': 12, 'AWS::URLSuffix': 10 };

/**
 * The fewest characters that a resolved JSON value can have once CloudFormation has filled it in.
 * Unknown references count as one character: the answer is a lower bound and never accuses wrongly.
 */
export function minimumJsonLength(value: unknown): number {
  if (Array.isArray(value)) return 2 + separated(value.map(minimumJsonLength));
  if (value === null || typeof value !== 'object') return JSON.stringify(value)?.length ?? 0;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  if (entries.length === 1 && isIntrinsic(entries[0][0])) return 2 + minimumTextLength(value);
  return 2 + separated(entries.map(([key, v]) => JSON.stringify(key).length + 1 + minimumJsonLength(v)));
}

/** The same for a text: the fewest characters of its JSON form, without the quotes. */
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

function separated(lengths: number[]): number {
  return lengths.reduce((sum, n) => sum + n, 0) + Math.max(0, lengths.length - 1);
}

function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}
