/** What a decision may cost, as four budgets, for federations of 10, 1,000 and 10,000 protocols. */
import { inProcess } from './in_process.ts';
import { overHttp } from './over_http.ts';
import { printRows } from './row.ts';

printRows([...(await inProcess()), ...(await overHttp())]);
