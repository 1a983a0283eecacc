// Writes docs/images/report-map.svg: the map of the sample as the report draws it. Run `npm run sample` first.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../src/report/command/read-report';
import { sayIn } from '../src/report/model/phrases';
import type { ReportData } from '../src/report/model/report-data';
import { mapSvg } from '../src/report/page/map-svg';
import { STYLE } from '../src/report/page/style';

const ROOT = join(__dirname, '..');

/** The map as a file of its own, with the colors of the page in light and dark. */
export function picture({ map: { nodes, edges } }: ReportData): string {
  const svg = mapSvg(nodes, edges, { id: 'map', title: 'The request map of the sample', linkOf: () => undefined }, sayIn('en')).text;
  const style = STYLE.split('\n').filter(line => /^(:root|--|@media \(prefers|\.(map|node|icon|edge|tip|ground))/.test(line)).join('\n');
  const ground = '<rect width="100%" height="100%" rx="8" fill="var(--soft)"/>';
  return svg.replace(/ style="[^"]*"/, '').replace('<defs>', () => `<style>text{font-family:system-ui,sans-serif}${style}</style>${ground}<defs>`) + '\n';
}

if (require.main === module) {
  const { report } = readReport([join(ROOT, 'cdk.out')], { severities: new Map(), exemptions: [], parameters: new Map() }, { language: 'en' });
  writeFileSync(join(ROOT, 'docs', 'images', 'report-map.svg'), picture(report));
}
