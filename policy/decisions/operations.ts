/** Everything over HTTP that this part of the policy floor offers to programs. */
import type { ApiOperation } from '../../platform/web/api.ts';
import { auditOperations } from '../audit/operations.ts';
import { accessOperations } from '../authzen/operations.ts';
import type { PolicyContext } from './context.ts';

/** Decisions (AuthZEN) and their audit. */
export function decisionOperations(context: PolicyContext): ApiOperation[] {
  return [...accessOperations(context), ...auditOperations(context)];
}
