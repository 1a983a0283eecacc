import { run, table } from '../measure.mjs';

const ROUTES = 221;
/** The quota of a function's policy. */
const POLICY_BYTES = 20_480;

/** Permissions of one function behind many routes. */
export async function routes() {
  const told = {};
  for (const kind of ['ours', 'plain']) told[kind] = (await run('apps/routes.cjs', [{ kind, count: ROUTES }])).told;
  for (const [kind, { routes: made }] of Object.entries(told)) if (made !== ROUTES) throw new Error(`${kind} made ${made} routes of ${ROUTES}`);
  const rows = [['HttpEntrance', told.ours], ['HttpApi and HttpLambdaIntegration', told.plain]].map(([name, { permissions, bytes }]) => [name, permissions, bytes.toLocaleString('en')]);
  return {
    title: 'Routes',
    text: `One function behind ${ROUTES} routes of an HTTP API. Lambda rejects a function policy over ${POLICY_BYTES.toLocaleString('en')} bytes, when it is deployed.\n\n`
      + table(['by', 'permissions', 'bytes of the policy'], rows),
    bars: [{
      what: `${ROUTES} routes on one function`, bar: '1 permission', got: `${told.ours.permissions}, ${told.ours.bytes.toLocaleString('en')} bytes`,
      met: told.ours.permissions === 1 && told.ours.bytes <= POLICY_BYTES,
    }],
  };
}
