// A block as a Go file: the syntax tree of TypeScript, with the packages, members and parameters of jsii's assemblies.
import { createRequire } from 'node:module';
import { pascal } from './go-types.mjs';

const ts = createRequire(import.meta.url)('typescript');
const { SyntaxKind: Kind, SymbolFlags, TypeFlags } = ts;

const ANY = { primitive: 'any' };
/** Words of Go that may be names in TypeScript. */
const KEYWORDS = new Set(['chan', 'defer', 'fallthrough', 'func', 'go', 'goto', 'interface', 'map', 'package', 'range', 'select', 'struct', 'type']);
const RUNTIME = { path: 'github.com/aws/jsii-runtime-go', name: 'jsii' };
const FMT = { path: 'fmt', name: 'fmt' };

export class GoFile {
  #imports = new Set();
  #read = new Set();

  /** `block` is the name and the place of the program in `source`; `types` are the types of the assemblies. */
  constructor(block, source, checker, types) {
    Object.assign(this, { block, source, checker, types });
  }

  text() {
    this.#collectReads(this.source);
    const body = this.source.statements.map(each => this.#statement(each)).join('\n');
    const imports = [...this.#imports].sort().map(path => `\t"${path}"`).join('\n');
    return `package main\n\nimport (\n${imports}\n)\n\nfunc ${this.block.name}() {${body}\n}\n`;
  }

  /** The variables that are read. */
  #collectReads(node) {
    if (ts.isShorthandPropertyAssignment(node)) this.#read.add(this.checker.getShorthandAssignmentValueSymbol(node));
    else if (ts.isIdentifier(node) && node.parent.name !== node) this.#read.add(this.checker.getSymbolAtLocation(node));
    ts.forEachChild(node, each => this.#collectReads(each));
  }

  #line(node) {
    return this.block.line + this.source.getLineAndCharacterOfPosition(node.getStart()).line;
  }

  #unsupported(node) {
    const place = `${this.block.file}:${this.#line(node)}`;
    return new Error(`${place}: the translation into Go has no ${Kind[node.kind]}, got ${node.getText().split('\n')[0]}`);
  }

  #package({ path, name }) {
    this.#imports.add(path);
    return name;
  }

  /** A variable must not hide a package. */
  #variable(name) {
    return KEYWORDS.has(name) || [RUNTIME.name, FMT.name].includes(name) || this.types.packages.has(name) ? `${name}_` : name;
  }

  #qualified(type) {
    return `${this.#package(this.types.packageOf(type))}.${this.types.nameOf(type)}`;
  }

  #goType(reference) {
    return this.types.reference(reference, type => this.#qualified(type));
  }

  #statement(node) {
    const text = this.#statementText(node);
    return text === '' ? '' : `\n//line ${this.block.file}:${this.#line(node)}\n${text}`; // an error of the compiler names the place in the guide
  }

  #statementText(node) {
    if (ts.isImportDeclaration(node)) return '';
    if (ts.isExpressionStatement(node)) return this.#expression(node.expression, ANY);
    if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(each => this.#declaration(each)).join('\n');
    if (ts.isForOfStatement(node)) return this.#forOf(node);
    if (ts.isClassDeclaration(node)) return this.#class(node);
    throw this.#unsupported(node);
  }

  #declaration({ name, initializer }) {
    const value = this.#expression(initializer, this.#referenceAt(name));
    return this.#define(name, this.#variable(name.text), value);
  }

  /** Go accepts no variable that is never read. */
  #define(name, text, value) {
    return this.#read.has(this.checker.getSymbolAtLocation(name)) ? `${text} := ${value}` : `_ = ${value}`;
  }

  #forOf({ initializer, expression, statement }) {
    const [{ name }] = initializer.declarations;
    const list = this.#expression(expression, this.#referenceAt(expression));
    return `for _, ${this.#variable(name.text)} := range *${list} {${statement.statements.map(each => this.#statement(each)).join('\n')}\n}`;
  }

  /** A class that has a constructor only: a function that returns the base, because jsii accepts a Go struct only if it overrides methods. */
  #class(node) {
    const [constructor] = node.members;
    const base = this.#baseOf(node);
    if (base === undefined || node.members.length !== 1 || !ts.isConstructorDeclaration(constructor)) throw this.#unsupported(node);
    const parameters = constructor.parameters.map(each => `${this.#variable(each.name.text)} ${this.#goType(this.#referenceAt(each))}`);
    const body = constructor.body.statements.map(each => this.#statement(each)).join('\n');
    return this.#define(node.name, `new${node.name.text}`, `func(${parameters.join(', ')}) ${this.#qualified(base)} {${body}\nreturn this\n}`);
  }

  /** `wanted` is the type reference in the assembly of the place where the value is used. */
  #expression(node, wanted) {
    switch (node.kind) {
      case Kind.StringLiteral: return this.#primitive('String', JSON.stringify(node.text), wanted);
      case Kind.NumericLiteral: return this.#primitive('Number', node.text, wanted);
      case Kind.TrueKeyword: case Kind.FalseKeyword: return this.#primitive('Bool', node.getText(), wanted);
      case Kind.ThisKeyword: return 'this';
      case Kind.Identifier: return node.text === 'undefined' ? 'nil' : this.#variable(node.text);
      case Kind.NonNullExpression: return this.#expression(node.expression, wanted);
      case Kind.AsExpression: return `${this.#expression(node.expression, wanted)}.(${this.#goType(this.#referenceAt(node))})`;
      case Kind.ArrayLiteralExpression: return this.#array(node, wanted);
      case Kind.ObjectLiteralExpression: return this.#object(node, wanted);
      case Kind.PropertyAccessExpression: return this.#property(node);
      case Kind.NewExpression: return this.#new(node);
      case Kind.CallExpression: return this.#call(node);
      default: throw this.#unsupported(node);
    }
  }

  /** The parameters and props of jsii are pointers. */
  #primitive(helper, text, { primitive }) {
    return primitive === undefined || primitive === 'any' ? text : `${this.#package(RUNTIME)}.${helper}(${text})`;
  }

  #array(node, { collection }) {
    const element = collection?.elementtype ?? ANY;
    const elements = node.elements.map(each => this.#expression(each, element)).join(', ');
    return `${collection === undefined ? '' : '&'}[]${this.#goType(element)}{${elements}}`;
  }

  #object(node, wanted) {
    const struct = [wanted, ...wanted.union?.types ?? []].map(({ fqn }) => fqn && this.types.named(fqn)).find(type => type?.datatype);
    const { collection } = wanted;
    const element = collection?.elementtype ?? ANY;
    const entries = node.properties.map(each => {
      if (each.name?.text === undefined) throw this.#unsupported(each);
      const key = each.name.text;
      const value = this.#expression(each.initializer ?? each.name, struct === undefined ? element : this.types.member(struct, key).type);
      return `\n${struct === undefined ? JSON.stringify(key) : pascal(key)}: ${value},`;
    });
    const start = struct === undefined ? `${collection === undefined ? '' : '&'}map[string]${this.#goType(element)}` : `&${this.#qualified(struct)}`;
    return `${start}{${entries.join('')}${entries.length === 0 ? '' : '\n'}}`;
  }

  /** A static property and a property of a class are functions in Go, a property of a struct is a field. */
  #property({ expression, name: { text } }) {
    const type = this.#declaredType(expression);
    if (type?.kind === 'enum') return `${this.#qualified(type)}_${text}`;
    if (type !== undefined) return `${this.#qualified(type)}_${pascal(text)}()`;
    return `${this.#expression(expression, ANY)}.${pascal(text)}${this.#typeOf(expression).datatype ? '' : '()'}`;
  }

  #new({ expression, arguments: given }) {
    const type = this.#declaredType(expression);
    if (type !== undefined) return this.#create(type, given);
    const { valueDeclaration: { members: [constructor] } } = this.checker.getSymbolAtLocation(expression);
    const parameters = constructor.parameters.map(each => ({ type: this.#referenceAt(each) }));
    return `new${expression.text}(${this.#arguments(given, parameters)})`;
  }

  #call(node) {
    const { expression, arguments: given } = node;
    if (expression.kind === Kind.SuperKeyword) return `this := ${this.#create(this.#baseOf(ts.findAncestor(node, ts.isClassDeclaration)), given)}`;
    if (!ts.isPropertyAccessExpression(expression)) throw this.#unsupported(node);
    if (expression.getText() === 'console.log') return `${this.#package(FMT)}.Println(${given.map(each => this.#printed(each)).join(', ')})`;
    const { name: { text } } = expression;
    const type = this.#declaredType(expression.expression);
    const owner = type === undefined ? `${this.#expression(expression.expression, ANY)}.` : `${this.#qualified(type)}_`;
    return `${owner}${pascal(text)}(${this.#arguments(given, this.types.member(type ?? this.#typeOf(expression.expression), text).parameters)})`;
  }

  #create(type, given) {
    const [name, member] = this.#qualified(type).split('.');
    return `${name}.New${member}(${this.#arguments(given, this.types.parametersOf(type))})`;
  }

  /** An optional parameter without an argument is nil. */
  #arguments(given = [], parameters = []) {
    const variadic = parameters.at(-1)?.variadic ? parameters.at(-1) : undefined;
    const fixed = variadic === undefined ? parameters : parameters.slice(0, -1);
    return [
      ...fixed.map(({ type }, i) => given[i] === undefined ? 'nil' : this.#expression(given[i], type)),
      ...given.slice(fixed.length).map(each => this.#expression(each, variadic.type)),
    ].join(', ');
  }

  #printed(node) {
    const pointer = this.checker.getTypeAtLocation(node).flags & (TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike);
    return `${pointer && !ts.isLiteralExpression(node) ? '*' : ''}${this.#expression(node, ANY)}`;
  }

  #ofSymbol(symbol) {
    return symbol && this.types.ofSymbol(this.checker.getFullyQualifiedName(symbol));
  }

  /** The class or enum that an expression names. */
  #declaredType(expression) {
    const named = this.checker.getSymbolAtLocation(expression);
    const symbol = named !== undefined && named.flags & SymbolFlags.Alias ? this.checker.getAliasedSymbol(named) : named;
    return symbol !== undefined && symbol.flags & (SymbolFlags.Class | SymbolFlags.Enum) ? this.#ofSymbol(symbol) : undefined;
  }

  #baseOf({ heritageClauses: [clause] = [] }) {
    return clause && this.#declaredType(clause.types[0].expression);
  }

  /** The jsii type of a value. A class of the block has the type of its base. */
  #typeOf(expression) {
    const { symbol } = this.checker.getNonNullableType(this.checker.getTypeAtLocation(expression));
    const found = this.#ofSymbol(symbol) ?? (symbol?.valueDeclaration && this.#baseOf(symbol.valueDeclaration));
    if (found === undefined) throw this.#unsupported(expression);
    return found;
  }

  #referenceAt(node) {
    return this.#referenceOf(this.checker.getTypeAtLocation(node));
  }

  /** The type reference of jsii for a type of TypeScript. */
  #referenceOf(nullable) {
    const type = this.checker.getNonNullableType(nullable);
    const found = this.#ofSymbol(type.symbol);
    if (found !== undefined) return { fqn: found.fqn };
    if (type.flags & TypeFlags.StringLike) return { primitive: 'string' };
    if (type.flags & TypeFlags.NumberLike) return { primitive: 'number' };
    if (type.flags & TypeFlags.BooleanLike) return { primitive: 'boolean' };
    if (!this.checker.isArrayType(type)) return ANY;
    return { collection: { kind: 'array', elementtype: this.#referenceOf(this.checker.getTypeArguments(type)[0]) } };
  }
}
