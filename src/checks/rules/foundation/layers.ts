import { LAMBDA } from '../../../aws';
import { asString, hasUnknown } from '../../graph';
import type { AppGraph, LambdaFunction } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { everyFunction } from '../support/each';
import type { Found } from '../support/each';

export const LAYERS_RULES: Rule[] = [
  {
    id: 'LP-F10',
    category: 'foundation',
    severity: 'error',
    title: 'Layer is built for another architecture',
    why: 'Native code in the layer fails to load. CDK compares only the compatible runtimes.',
    fix: 'publish the layer for the architecture of the function, or change the architecture',
    source: SOURCE.lambda('chapter-layers'),
    evaluate: everyFunction(layerArchitectureMismatch),
  },
  {
    id: 'LP-F11',
    category: 'foundation',
    severity: 'error',
    title: 'Function has more than five layers',
    why: 'Lambda supports five layers for each function, including extension layers.',
    fix: 'bundle libraries with the code and use layers for extensions only',
    source: SOURCE.lambda('gettingstarted-limits'),
    elsewhere: 'CDK throws for its own functions',
    evaluate: everyFunction(tooManyLayers),
  },
];

function layerArchitectureMismatch(fn: LambdaFunction, app: AppGraph): Found {
  const wanted = fn.resource.lacks('Architectures') ? 'x86_64' : asString(fn.resource.get('Architectures.0'));
  return fn.resource.list('Layers').map((value, i) => {
    const layer = app.resourceOf(value, fn.resource, 'AWS::Lambda::LayerVersion');
    const offered = layer?.list('CompatibleArchitectures') ?? [];
    if (!layer || wanted === undefined || offered.length === 0) return undefined;
    if (hasUnknown(offered) || offered.includes(wanted)) return undefined;
    return {
      at: fn.resource,
      property: `Layers.${i}`,
      must: `must be built for ${wanted}`,
      got: `${layer.path} for ${offered.join(' and ')}`,
    };
  });
}

function tooManyLayers(fn: LambdaFunction): Found {
  if (fn.resource.list('Layers').length > LAMBDA.layersMax) {
    return {
      at: fn.resource,
      property: 'Layers',
      must: `must be at most ${LAMBDA.layersMax} layers`,
      got: fn.resource.list('Layers').length,
    };
  }
  return undefined;
}
