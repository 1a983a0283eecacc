// Checks the public API for names and structures that are awkward in some language: undocumented names, keywords, nested or misplaced structs.
// Run after jsii. jsii's own warnings about keywords are off, because most of them appear in no language.
import fs from 'node:fs';
import path from 'node:path';

const words = text => new Set(text.split(' '));
const PYTHON = words('and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False self');
const JAVA = words('abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if implements import instanceof int interface long native new null package private protected public return short static super switch synchronized this throw throws transient try void volatile while true false');
const GO = words('break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var');
const DOTNET = words('abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while');

/** Names that CDK's own interfaces prescribe. */
const PRESCRIBED = ['ProductionFunction.lambda'];
/** How many structs of this library may be nested below the props of a construct. */
const DEEPEST = 2;

const { types } = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, '..', '.jsii'), 'utf8'));
const snake = name => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
const pascal = name => name[0].toUpperCase() + name.slice(1);
const isStruct = ({ fqn }) => types[fqn]?.datatype === true;
const elementOf = type => type.collection === undefined ? type : elementOf(type.collection.elementtype);

function depth(fqn, above = []) {
  if (above.includes(fqn)) return 0;
  const below = (types[fqn].properties ?? []).map(({ type }) => elementOf(type)).filter(isStruct);
  return Math.max(0, ...below.map(type => 1 + depth(type.fqn, [...above, fqn])));
}

function problemsOfParameters(place, { parameters = [], overrides }) {
  return parameters.flatMap(({ name, type, docs }, i) => [
    ...docs?.summary || overrides ? [] : [`${place} must say what '${name}' is`],
    ...PYTHON.has(snake(name)) || [JAVA, GO, DOTNET].some(keywords => keywords.has(name)) ? [`${place} must not call a parameter '${name}', a keyword`] : [],
    ...isStruct(type) && i < parameters.length - 1 ? [`${place} must take '${name}' last: only there it is keywords in Python`] : [],
  ]);
}

function problemsOfMember(type, member) {
  const place = `${type.name}.${member.name}`;
  return [
    ...member.docs?.summary || member.overrides ? [] : [`${place} must be documented`],
    ...(PYTHON.has(snake(member.name)) || JAVA.has(member.name)) && !PRESCRIBED.includes(place) ? [`${place} must not be a keyword`] : [],
    ...pascal(member.name) === type.name ? [`${place} must not have the name of its class, which C# does not allow`] : [],
    ...problemsOfParameters(place, member),
  ];
}

const reference = fs.readFileSync(path.join(import.meta.dirname, '..', 'API.md'), 'utf8');
const problems = Object.values(types).flatMap(type => [
  ...type.docs?.summary ? [] : [`${type.name} must be documented`],
  ...reference.includes(type.docs?.summary) ? [] : [`${type.name} must be in API.md with what it is: run npx projen docgen`],
  ...isStruct(type) && depth(type.fqn) > DEEPEST ? [`${type.name} must nest at most ${DEEPEST} structs, got ${depth(type.fqn)}`] : [],
  ...[...type.methods ?? [], ...type.properties ?? [], ...type.members ?? []].flatMap(member => problemsOfMember(type, member)),
]);
for (const problem of problems) console.error(problem);
console.log(`${Object.keys(types).length} public types: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
