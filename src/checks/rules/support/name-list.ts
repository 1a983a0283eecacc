/** Joins names for a message, with only the first of a long list. */
export function nameList(names: string[], most = 5): string {
  return names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.join(', ');
}
