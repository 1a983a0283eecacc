import { Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { refuse } from '../private/validation';

const NEWEST = 'python3.14';
/** Newest of the runtimes on Amazon Linux 2, which has glibc 2.26; later ones are on Amazon Linux 2023, which has glibc 2.34. */
const LAST_ON_AL2 = 11;
/** The names of Lambda's architectures in the tags of wheels. */
const MACHINES: Record<string, string> = { arm64: 'aarch64', x86_64: 'x86_64' };

/** What wheels are installed for: the Python version, the processor and the C library of a function. */
export class PythonPlatform {
  /** The platform of a function or a layer. Throws an error for another runtime. */
  public static of(resource: lambda.CfnFunction | lambda.CfnLayerVersion): PythonPlatform {
    const isFunction = lambda.CfnFunction.isCfnFunction(resource);
    const runtime = isFunction ? resource.runtime : resource.compatibleRuntimes?.[0] ?? NEWEST;
    const [architecture = isFunction ? lambda.Architecture.X86_64.name : lambda.Architecture.ARM_64.name]
      = (isFunction ? resource.architectures : resource.compatibleArchitectures) ?? [];
    const version = /^python(3\.\d+)$/.exec(runtime ?? '')?.[1];
    if (version === undefined) {
      refuse(resource.node.path, `'runtime' must be a Python runtime, because the code is Python, got '${runtime}'; use Runtime.PYTHON_3_14`);
    }
    if (Token.isUnresolved(architecture)) {
      refuse(resource.node.path, "'architecture' must be known at synthesis, because packages are installed for it, got a token; set Architecture.ARM_64 or X86_64");
    }
    return new PythonPlatform(version, architecture);
  }

  private constructor(
    /** For example `3.14`. */
    public readonly version: string,
    /** `arm64` or `x86_64`. */
    public readonly architecture: string,
  ) { }

  /** The name for messages. */
  public get text(): string {
    return `Python ${this.version} on Linux ${this.architecture}`;
  }

  /** The platform as uv names it: wheels for this C library and for older ones can be installed. */
  public get uvName(): string {
    return `${this.machine}-manylinux_2_${this.isOnAl2 ? 17 : 34}`;
  }

  /** The tags of wheels that pip may install. pip does not know that wheels for an older C library can be used. */
  public get pipOptions(): string[] {
    const newest = this.isOnAl2 ? 26 : 34;
    const tags = Array.from({ length: newest - 4 }, (_, index) => `manylinux_2_${newest - index}_${this.machine}`);
    const abi = `cp${this.version.replace('.', '')}`;
    return [
      ...[...tags, ...['2014', '2010', '1'].map(year => `manylinux${year}_${this.machine}`), `linux_${this.machine}`].flatMap(tag => ['--platform', tag]),
      '--python-version', this.version, '--implementation', 'cp', ...[abi, 'abi3', 'none'].flatMap(each => ['--abi', each]),
    ];
  }

  private get machine(): string {
    return MACHINES[this.architecture];
  }

  private get isOnAl2(): boolean {
    return Number(this.version.split('.')[1]) <= LAST_ON_AL2;
  }
}
