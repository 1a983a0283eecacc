import { htmlPage } from './html-page';
import { markdownPage } from './markdown-page';
import { textPage } from './text-page';
import type { Changes } from '../model/diff';
import type { ReportData } from '../model/report-data';

/** The output formats by name. */
export const FORMATS = {
  html: htmlPage,
  markdown: markdownPage,
  json: (report, changes) => `${JSON.stringify(changes === undefined ? report : { ...report, changes }, undefined, 2)}\n`,
  text: textPage,
} satisfies Record<string, (report: ReportData, changes?: Changes) => string>;
