/**
 * A resolved value as one readable text, with references in angle brackets: `<Bucket.Arn>/*`. cdk-nag writes them the
 * same way in the ids of its findings.
 */
export function flatReference(value: unknown): string {
  if (typeof value === 'string') return value;
  const [key, argument] = Object.entries(value ?? {})[0] ?? [];
  if (key === 'Ref') return `<${argument}>`;
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return `<${argument.join('.')}>`;
  if (key === 'Fn::Join' && Array.isArray(argument?.[1])) return argument[1].map(flatReference).join(argument[0]);
  return JSON.stringify(value) ?? '';
}
