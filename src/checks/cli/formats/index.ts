import { github } from './github';
import { human } from './human';
import { json } from './json';
import { markdown } from './markdown';
import { sarif } from './sarif';
import type { Output, Report } from '../report';

type Format = (report: Report, output: Output) => string;

/** The output formats by name. */
export const FORMATS = { human, json, sarif, github, markdown } satisfies Record<string, Format>;
