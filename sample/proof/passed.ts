export async function passed(millis: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, millis));
}
