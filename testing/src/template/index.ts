export { aliasedFunctions, aliasReferences, type Unqualified, unqualifiedReferences } from './alias-references';
export { expectNoFindings, expectNothingPastTheAlias, findings, type Replacement, replacements, snapshotOf, type TemplateFinding, templateOf } from './templates';
