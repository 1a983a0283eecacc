import { settleHandler, settleParts } from '../service/settle';

/** Settles each notice of a batch once. */
export const handler = settleHandler(settleParts());
