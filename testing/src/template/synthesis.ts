import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type * as CDK from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { IConstruct } from 'constructs';

/** The CDK of the user's app, loaded when it is needed: handlers are tested without it. */
export function cdk(): typeof CDK {
  return require('aws-cdk-lib');
}

const assemblies = new WeakMap<IConstruct, CloudAssembly>();

/**
 * The assembly of the app or stage of a construct. It is synthesised once; a later change of the app has no effect. A synthesis that
 * fails a validation throws, except with `isValid: false`: the templates exist, and the caller reads what is wrong with them.
 */
export function assemblyOf(construct: IConstruct, { isValid = true } = {}): CloudAssembly {
  const { Stage } = cdk();
  const stage = Stage.isStage(construct) ? construct : Stage.of(construct);
  if (!stage) throw new Error(`${construct.node.path || 'the construct'} must be in an App or a Stage; create one above it`);
  const known = assemblies.get(stage) ?? synthesised(stage, isValid);
  assemblies.set(stage, known);
  return known;
}

function synthesised(stage: CDK.Stage, isValid: boolean): CloudAssembly {
  try {
    return stage.synth();
  } catch (error) {
    const isWritten = existsSync(join(stage.outdir, 'manifest.json'));
    if (isValid || !isWritten || !/validation/i.test(String(error))) throw error;
    return new (require('aws-cdk-lib/cx-api') as typeof import('aws-cdk-lib/cx-api')).CloudAssembly(stage.outdir);
  }
}
