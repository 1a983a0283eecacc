import { collect } from './each';
import type { Found } from './each';
import { releasesOf } from '../../graph';
import type { AppGraph, Release } from '../../graph';
import type { Problem } from '../rule';

/** Checks every alias that CodeDeploy releases. */
export function eachRelease(check: (release: Release) => Found): (app: AppGraph) => Problem[] {
  return app => collect(releasesOf(app), check, app);
}
