import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** By name, because an app may hold two copies of this library. */
const GIVERS = Symbol.for('cdk-production-lambda.AcrossStages');
type Giving = IConstruct & { [GIVERS]?: AcrossStages[] };

/**
 * Gives something to a scope and to each stage below it, once: aspects and tags of CDK end where a stage begins. A stage
 * that is made later gets it when something is made in it that asks, by `reachFrom`.
 */
export class AcrossStages {
  /** Gives to the stages above a construct what the scopes above them give to theirs. */
  public static reachFrom(construct: IConstruct): void {
    const stages: IConstruct[] = [];
    for (let at: Giving | undefined = construct; at; at = at.node.scope) {
      for (const giver of at[GIVERS] ?? []) stages.forEach(stage => giver.giveOnce(stage));
      if (Stage.isStage(at)) stages.push(at);
    }
  }

  private readonly reached = new Set<IConstruct>();

  constructor(private readonly scope: Giving, private readonly give: (at: IConstruct) => void) {
    (scope[GIVERS] ??= []).push(this);
    for (const at of scope.node.findAll()) if (at === scope || Stage.isStage(at)) this.giveOnce(at);
  }

  /** The paths of the stages below that have something of a kind and did not get it. */
  public missed(kind: (construct: IConstruct) => boolean): string[] {
    const stages = this.scope.node.findAll().filter(at => Stage.isStage(at) && !this.reached.has(at));
    return stages.filter(stage => withinStage(stage).some(kind)).map(({ node }) => node.path);
  }

  private giveOnce(at: IConstruct): void {
    if (this.reached.has(at)) return;
    this.reached.add(at);
    this.give(at);
  }
}

/** A scope with all below it, as far as the stages below, which are synthesised before and on their own. */
export function withinStage(scope: IConstruct): IConstruct[] {
  return [scope, ...scope.node.children.flatMap(child => Stage.isStage(child) ? [] : withinStage(child))];
}
