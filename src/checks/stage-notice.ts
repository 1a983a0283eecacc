import { writeSync } from 'fs';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Finding } from './engine/check';

/** The construct path of the stack that a template belongs to; undefined for a nested stack. */
type PathOf = (template: string) => string | undefined;

/**
 * Writes to standard error that the command of the CDK reports findings only for the stacks that it selects. Without a
 * selection, `cdk synth` selects the stacks outside of stages, and exits with 0 if all errors are in stages.
 *
 * @param app The root of the construct tree
 * @param open The findings that are not exempted
 * @param pathOf The stacks of the templates
 */
export function writeStageNotice(app: IConstruct, open: Finding[], pathOf: PathOf): void {
  // The command of the CDK sets the variable. Without it, `app.synth()` throws an error that lists all findings.
  if (process.env.CDK_CLI_VERSION === undefined) return;
  const notice = stageNotice(app, open, pathOf);
  if (notice) writeSync(2, `${notice}\n`);
}

/** The text of the notice; undefined if no error is in a stage. */
export function stageNotice(app: IConstruct, open: Finding[], pathOf: PathOf): string | undefined {
  const inStages = open.filter(({ severity, template }) => severity === 'error' && isInStage(app, pathOf(template)));
  if (inStages.length === 0) return undefined;
  const stacks = [...new Set(inStages.map(({ template }) => pathOf(template)))];
  const errors = `${inStages.length} ${inStages.length === 1 ? 'error' : 'errors'}`;
  return `ProductionChecks: ${errors} in stacks of stages (${stacks.join(', ')}). `
    + "'cdk synth' without a selection does not report them; run cdk synth '**', or cdk-production-lambda check";
}

function isInStage(app: IConstruct, path: string | undefined): boolean {
  const stack = path?.split('/').reduce<IConstruct | undefined>((at, id) => at?.node.tryFindChild(id), app);
  return path !== undefined && stack !== undefined && Stage.of(stack)?.node.path !== '';
}
