import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** By name, because an app may contain two copies of this library. */
const ACTIONS = Symbol.for('cdk-production-lambda.AcrossStages');
type Scope = IConstruct & { [ACTIONS]?: AcrossStages[] };

/**
 * Runs an action once for a scope and for each stage below it, because aspects and tags of the CDK do not cross the
 * boundary of a stage. A stage that is created later is reached when a construct in it calls `runFor`.
 */
export class AcrossStages {
  /** Runs the actions of the scopes above a construct for the stages above it. */
  public static runFor(construct: IConstruct): void {
    const stages: IConstruct[] = [];
    for (let at: Scope | undefined = construct; at; at = at.node.scope) {
      for (const action of at[ACTIONS] ?? []) stages.forEach(stage => action.runOnce(stage));
      if (Stage.isStage(at)) stages.push(at);
    }
  }

  private readonly reached = new Set<IConstruct>();

  constructor(private readonly scope: Scope, private readonly action: (at: IConstruct) => void) {
    (scope[ACTIONS] ??= []).push(this);
    for (const at of scope.node.findAll()) if (at === scope || Stage.isStage(at)) this.runOnce(at);
  }

  /** The paths of the stages below that contain a construct of a kind and were not reached. */
  public missedStages(kind: (construct: IConstruct) => boolean): string[] {
    const stages = this.scope.node.findAll().filter(at => Stage.isStage(at) && !this.reached.has(at));
    return stages.filter(stage => withinStage(stage).some(kind)).map(({ node }) => node.path);
  }

  private runOnce(at: IConstruct): void {
    if (this.reached.has(at)) return;
    this.reached.add(at);
    this.action(at);
  }
}

/** A scope and all constructs below it, without the stages below it and their constructs. */
export function withinStage(scope: IConstruct): IConstruct[] {
  const found = [scope];
  const addBelow = ({ node: { children } }: IConstruct) => {
    for (const child of children) {
      if (Stage.isStage(child)) continue;
      found.push(child);
      addBelow(child);
    }
  };
  addBelow(scope);
  return found;
}
