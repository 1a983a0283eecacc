import { METADATA_KEY } from '../../private/template-metadata';
import type { TemplateGraph } from '../graph';
import { isJson } from '../graph';

/** In a sandbox, findings about good practice are infos. */
export type TemplateProfile = 'production' | 'sandbox';

/** Whether the template is for a sandbox: by its own metadata, that of its parent stack, or the default. */
export function isSandbox(template: TemplateGraph, whenUnset: TemplateProfile = 'production'): boolean {
  return (profileOf(template) ?? whenUnset) === 'sandbox';
}

/** Whether `Profile.sandbox` of this library set the defaults of the template. */
export function hasSandboxProfile(template: TemplateGraph): boolean {
  return profileOf(template) === 'sandbox';
}

/** The profile that `Profile` of this library writes into the metadata of a template. */
function profileOf(template: TemplateGraph): string | undefined {
  const metadata = template.section('Metadata')[METADATA_KEY];
  const profile = isJson(metadata) ? metadata.profile : undefined;
  if (typeof profile === 'string') return profile;
  const parent = template.app.parentTemplateOf(template);
  return parent && profileOf(parent);
}
