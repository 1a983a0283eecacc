/** Greets who is named in the event. */
export async function handler({ name }: { name: string }): Promise<{ greeting: string }> {
  return { greeting: `Hello, ${name}` };
}
