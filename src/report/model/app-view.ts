import type { Severity } from './report-data';
import { appsOf } from '../../checks/engine/apps';
import type { Finding } from '../../checks/engine/check';
import { AppGraph, functionsOf, NOT_PRODUCTION, releasesOf, scenariosOf } from '../../checks/graph';
import type { LambdaFunction, Resource, TemplateInput } from '../../checks/graph';
import { plainText } from '../../private/plain-text';

const NAME_MAX = 300;
const RANK: Record<Severity, number> = { error: 3, warning: 2, info: 1 };

/** The templates of a report as graphs, one for each group of templates that refer to each other. */
export class AppView {
  public readonly graphs: readonly AppGraph[];
  private readonly serving: LambdaFunction[];
  private readonly ids = new Map<Resource, string>();
  private readonly names: ReadonlyMap<Resource, string>;
  private readonly severities = new Map<string, Severity>();
  private readonly stacks: ReadonlyMap<string, string>;

  /** Parts of functions count as their function, except an alias and an event source mapping. */
  constructor(inputs: readonly TemplateInput[], findings: readonly Finding[], today: string) {
    this.graphs = appsOf(inputs).map(templates => new AppGraph(templates, productionScenario(templates), today));
    this.serving = this.graphs.flatMap(servingFunctions);
    this.stacks = stackNames(inputs);
    const resources = this.templates.flatMap(template => [...template.resources.values()]);
    resources.forEach((resource, index) => this.ids.set(resource, `r${index + 1}`));
    this.names = shortNames(resources);
    for (const { template, logicalId, severity, exempted } of findings) {
      if (exempted !== undefined) continue;
      const key = `${template}\n${logicalId}`;
      const known = this.severities.get(key);
      if (known === undefined || RANK[severity] > RANK[known]) this.severities.set(key, severity);
    }
  }

  public get templates() {
    return this.graphs.flatMap(graph => graph.templates);
  }

  /** The functions that serve traffic. A function that only a deployment invokes, as a lifecycle hook, serves none. */
  public get functions(): LambdaFunction[] {
    return this.serving;
  }

  /** The stack of a template. */
  public stackOf({ name }: TemplateInput): string {
    return this.stacks.get(name) ?? shown(name);
  }

  public ofType(...types: string[]): Resource[] {
    return this.graphs.flatMap(graph => graph.ofType(...types));
  }

  public idOf(resource: Resource): string {
    return this.ids.get(resource) ?? 'r0';
  }

  /** The path of a resource without its stack. */
  public nameOf(resource: Resource): string {
    return this.names.get(resource) ?? shown(resource.path);
  }

  /** The highest severity of the open findings at the resources. */
  public severityOf(...resources: readonly Resource[]): Severity | undefined {
    return resources
      .flatMap(({ template, logicalId }) => this.severities.get(`${plainText(template.input.name)}\n${plainText(logicalId)}`) ?? [])
      .reduce<Severity | undefined>((most, each) => (most === undefined || RANK[each] > RANK[most] ? each : most), undefined);
  }
}

function servingFunctions(graph: AppGraph): LambdaFunction[] {
  const hooks = new Set(releasesOf(graph).flatMap(release => release.hooks));
  return functionsOf(graph).filter(fn => !hooks.has(fn.resource) || fn.callers.length + fn.sources.length + fn.urls.length > 0);
}

/** The scenario of production: the first in which no stage has another value. */
function productionScenario(templates: readonly TemplateInput[]) {
  const scenarios = scenariosOf(templates);
  return scenarios.find(scenario => !scenario.has(NOT_PRODUCTION)) ?? scenarios[0];
}

/** A text from a template as it is shown: on one line, without control characters, and not endless. */
export function shown(text: string): string {
  const plain = plainText(text);
  return plain.length > NAME_MAX ? `${plain.slice(0, NAME_MAX - 1)}…` : plain;
}

/** The names of the stacks by the name of their template: the name of the file, with the folders that distinguish equal ones. */
export function stackNames(inputs: readonly TemplateInput[]): ReadonlyMap<string, string> {
  const paths = inputs.map(({ name }) => (
    { name, steps: name.replace(/(\.nested)?(\.template)?\.(json|ya?ml|template)$/, '').split(/[\\/]/).filter(step => step !== '') }));
  const end = (steps: readonly string[], length: number) => steps.slice(-length).join('/');
  return new Map(paths.map(({ name, steps }) => {
    const others = paths.filter(path => path.name !== name);
    let length = 1;
    while (length < steps.length && others.some(path => end(path.steps, length) === end(steps, length))) length++;
    return [name, shown(end(steps, length))];
  }));
}

/** Generated parts of a path, which say nothing about a resource. */
const GENERATED = /^(Resource|Default)$/;

function shortNames(resources: readonly Resource[]): Map<Resource, string> {
  return new Map(resources.map(resource => {
    const steps = resource.path.split('/').filter(step => !GENERATED.test(step));
    return [resource, shown((steps.length > 1 ? steps.slice(1) : steps).join('/') || resource.logicalId)];
  }));
}
