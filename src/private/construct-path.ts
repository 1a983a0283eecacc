/** The path of a construct as its user wrote it, without what an L2 makes inside of itself. */
export function withoutDefaults(path: string): string {
  return path.replace(/(\/(Resource|Default))+$/, '');
}
