import * as fs from 'node:fs';
import * as path from 'node:path';

/** What an instrumented handler publishes. */
export interface ObservedInstrumentationOptions {
  /**
   * Whether each invocation publishes the metric `Duration`, in milliseconds, with the dimensions `FunctionName` and `Outcome` (`Success`,
   * `Fault` or `Error`). CloudWatch bills one custom metric for each outcome of a function.
   *
   * @default true
   */
  readonly duration?: boolean;
}

/** The name of the file that observes handlers, in the package of a function. */
export const INSTRUMENTATION_FILE = 'instrumentation.cjs';

const FILE = path.join(__dirname, '..', '..', 'assets', 'instrumentation', 'index.js');
/** Names in a bundle. */
const VARIABLE = 'cdk_production_lambda_instrumentation';
/** The last statement of an ES module that esbuild bundled, before the comments with licences and the link to its source map. */
const EXPORTS = /\bexport\s*(?:\{([^{}]*)\}|default\s+([^;\n]+));?(?=(?:\s|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*$)/;

/**
 * What a bundle adds to the handlers in it, whose code does not change.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export class Instrumentation {
  /** Adds nothing. */
  public static none(): Instrumentation {
    return new Instrumentation();
  }

  /**
   * Observes each handler as `observed` of the package `cdk-production-lambda-runtime` does, which need not be installed:
   *
   * - the metrics `ColdStart`, `Duration` and `Faults` in the embedded metric format, in the namespace of the environment variable
   *   `POWERTOOLS_METRICS_NAMESPACE`, which ProductionFunction sets; synthesis fails without it;
   * - a subsegment of the X-Ray trace with the error of the handler;
   * - the request id in each line of JSON that the handler writes to standard output or standard error;
   * - an error in the log 200 ms before the timeout of the function.
   *
   * The alarms of CanaryAlias and FunctionAlarms count `Faults`: responses of 500 and above, also streamed ones, and records that are
   * reported as failed.
   *
   * The handler must be an export of the file, or a property of its default export, that returns a promise or streams its response. A handler
   * that is wrapped by `observed` already is not wrapped again. A handler with a callback is not instrumented, and writes a warning to its log.
   *
   * @param options Whether the duration is published
   */
  public static observed(options: ObservedInstrumentationOptions = {}): Instrumentation {
    return new Instrumentation({ duration: options.duration ?? true });
  }

  private constructor(private readonly options?: ObservedInstrumentationOptions) { }

  /**
   * Whether handlers publish `Faults`.
   *
   * @internal
   */
  public get _publishesFaults(): boolean {
    return this.options !== undefined;
  }

  /**
   * The file beside a bundle that observes handlers. In the bundle itself, its code could meet names of the handler, such as an imported
   * `setTimeout`.
   *
   * @internal
   */
  public get _file(): string {
    return fs.readFileSync(FILE, 'utf8');
  }

  /**
   * The text before a bundle.
   *
   * @internal
   */
  public _banner(isCommonJs: boolean): string {
    if (this.options === undefined) return '';
    return isCommonJs ? `var ${VARIABLE}=require("./${INSTRUMENTATION_FILE}");` : `import ${VARIABLE} from "./${INSTRUMENTATION_FILE}";`;
  }

  /**
   * The text after a bundle in CommonJS.
   *
   * @internal
   */
  public get _footer(): string {
    return this.options === undefined ? '' : `module.exports=${this.call('module.exports')};`;
  }

  /**
   * A bundle in ES module format, with instrumented exports.
   *
   * @internal
   */
  public _exports(bundle: string): string {
    return bundle.replace(EXPORTS, (_, names: string | undefined, value: string) => {
      const bindings = names === undefined ? [['default', value]] : names.split(',').map(name => name.trim()).filter(name => name !== '')
        .map(name => name.split(/\s+as\s*(?=['"])|\s+as\s+/)).map(([local, exported = local]) => [exported, local]);
      const object = `{${bindings.map(([exported, local]) => `get ${exported}(){return ${local}}`).join()}}`;
      return `const ${VARIABLE}_exports=${this.call(object)}`
        + bindings.map(([exported], i) => `,${VARIABLE}_${i}=${VARIABLE}_exports[${quoted(exported)}]`).join('')
        + `;export{${bindings.map(([exported], i) => `${VARIABLE}_${i} as ${exported}`).join()}};`;
    });
  }

  private call(exported: string): string {
    return `${VARIABLE}.instrument(${exported},${JSON.stringify(this.options)})`;
  }
}

/** An export that is no identifier is in quotation marks already. */
function quoted(name: string): string {
  return /^['"]/.test(name) ? name : `'${name}'`;
}
