// What jsii's assemblies contain about a type: its Go package, its name in Go and its members.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

function assemblyIn(folder) {
  const read = name => fs.readFileSync(path.join(folder, name));
  const assembly = JSON.parse(read('.jsii'));
  return assembly.schema === 'jsii/file-redirect' ? JSON.parse(zlib.gunzipSync(read(assembly.filename))) : assembly;
}

const PRIMITIVES = { string: '*string', number: '*float64', boolean: '*bool', date: '*time.Time', json: '*map[string]any', any: 'any' };
const goName = text => text.replace(/[^a-z0-9.]/gi, '').toLowerCase();
export const pascal = name => name[0].toUpperCase() + name.slice(1);

export class GoTypes {
  #assemblies = new Map();
  #bySymbol = new Map();
  /** The names of all packages. */
  packages = new Set();

  /** The folders are npm packages with an assembly. */
  constructor(folders) {
    for (const folder of folders.map(each => fs.realpathSync(each))) {
      const assembly = assemblyIn(folder);
      this.#assemblies.set(assembly.name, assembly);
      const declarations = path.dirname(JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).main);
      const { tscRootDir: sources = '' } = assembly.metadata ?? {};
      for (const type of Object.values(assembly.types)) {
        this.packages.add(this.packageOf(type).name);
        const [file, name] = type.symbolId.split(':');
        this.#bySymbol.set(`"${path.join(folder, declarations, path.relative(sources, file))}".${name}`, type);
      }
    }
  }

  /** The type of a symbol by its qualified name in TypeScript, `"<file>".<name>`. */
  ofSymbol(qualifiedName) {
    return this.#bySymbol.get(qualifiedName);
  }

  named(fqn) {
    return this.#assemblies.get(fqn.split('.')[0]).types[fqn];
  }

  /** A property or method. A base may declare it. */
  member(type, name) {
    const found = this.#membersOf(type).find(each => each.name === name);
    if (found === undefined) throw new Error(`${type.fqn} must have the member ${name} in its assembly`);
    return found;
  }

  #membersOf(type) {
    const bases = [...type.base === undefined ? [] : [type.base], ...type.interfaces ?? []].map(fqn => this.named(fqn));
    return [...type.properties ?? [], ...type.methods ?? [], ...bases.flatMap(base => this.#membersOf(base))];
  }

  /** The parameters of the constructor. A base may declare it. */
  parametersOf(type) {
    if (type.initializer !== undefined) return type.initializer.parameters ?? [];
    return type.base === undefined ? [] : this.parametersOf(this.named(type.base));
  }

  /** The package of a type: its import path, and its name, which precedes the type's name. */
  packageOf({ assembly: assemblyName, namespace = '' }) {
    const { name, version, targets, submodules = {} } = this.#assemblies.get(assemblyName);
    const root = targets.go.packageName ?? goName(name);
    const major = Number(version.split('.')[0]);
    const parts = [targets.go.moduleName, root, ...major > 1 ? [`v${major}`] : []];
    let last = root;
    let fqn = assemblyName;
    for (const part of namespace.split('.')) {
      fqn = `${fqn}.${part}`;
      if (submodules[fqn] === undefined) break; // the rest of the namespace is a class
      last = submodules[fqn].targets?.go?.packageName ?? goName(part);
      parts.push(last);
    }
    return { path: parts.join('/'), name: last };
  }

  /** A type's name inside its package. */
  nameOf({ assembly, name, namespace = '' }) {
    const { submodules = {} } = this.#assemblies.get(assembly);
    const parts = namespace.split('.');
    const outer = parts.filter((_, i) => submodules[`${assembly}.${parts.slice(0, i + 1).join('.')}`] === undefined);
    return [...outer, name].filter(part => part !== '').join('_');
  }

  /** The Go type of a jsii type reference; `qualified` writes the name of a type with its package. */
  reference(reference, qualified) {
    if (reference.collection !== undefined) {
      const element = this.reference(reference.collection.elementtype, qualified);
      return reference.collection.kind === 'map' ? `*map[string]${element}` : `*[]${element}`;
    }
    if (reference.primitive !== undefined) return PRIMITIVES[reference.primitive];
    if (reference.fqn === undefined) return 'any'; // a union
    const type = this.named(reference.fqn);
    return `${type.datatype ? '*' : ''}${qualified(type)}`;
  }
}
