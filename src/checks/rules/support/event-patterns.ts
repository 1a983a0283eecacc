import { asString, member, patternOf } from '../../graph';
import type { Resource } from '../../graph';

/** Whether the pattern of a rule lists the value of a field, or the beginning of the value. */
export function selects(rule: Resource, field: string, value: string): boolean {
  return rule.list(`EventPattern.${field}`).some(item => {
    const prefix = asString(member(item, 'prefix'));
    return prefix === undefined ? patternOf(item) === value : value.startsWith(prefix);
  });
}
