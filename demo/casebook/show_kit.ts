/** `npm run partner-kit:casebook`: shows the partner kit on Casebook; nothing else need run. */
import { startDecisionPoint } from '../../clients/partner-kit/decision_point.ts';
import { tellRun } from '../../clients/partner-kit/tell_run.ts';
import { startCasebookFor } from './under_test.ts';

let origin = '';
const point = await startDecisionPoint(0, () => origin);
const { casebook, options } = await startCasebookFor(point, 4_000);
origin = casebook.url;
process.exitCode = await tellRun(point, options);
await casebook.close();
await point.close();
