import { type App, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What synth warns of in a construct's stack, as `id: text`. */
export function warningsOf(construct: IConstruct): string[] {
  const { messages } = (construct.node.root as App).synth().getStackArtifact(Stack.of(construct).artifactId);
  return messages.filter(message => message.level === 'warning').map(message => `${message.id}: ${message.entry.data}`);
}
