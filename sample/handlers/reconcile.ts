import { reconcileHandler, reconcileParts } from '../service/reconcile';

/** Finishes payments that stopped between two side effects. */
export const handler = reconcileHandler(reconcileParts());
