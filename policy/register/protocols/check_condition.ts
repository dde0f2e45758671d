/** Conditions against the attributes of the asset: a comparison that cannot be made is refused before it is signed. */
import type { AssetDefinition, Condition } from './document.ts';
import type { Complain } from './terms.ts';

type AttributeType = AssetDefinition['attributes'][number]['type'];
type Scalar = string | number | boolean;

const ordered = ['lt', 'lte', 'gt', 'gte'];

/** Checks each condition's attribute, operator and value. */
export function checkConditions(conditions: readonly Condition[], asset: AssetDefinition, here: Complain): void {
  conditions.forEach((condition, at) => {
    const attribute = asset.attributes.find(({ name }) => name === condition.attribute);
    if (attribute === undefined) {
      here(`The asset ${asset.code} has no attribute ${condition.attribute}.`, 'conditions', at, 'attribute');
    } else {
      checkCondition(condition, attribute.type, (message, key) => here(message, 'conditions', at, key));
    }
  });
}

function checkCondition(
  { operator, value }: Condition,
  type: AttributeType,
  complain: (message: string, key: string) => void,
): void {
  if (ordered.includes(operator) && type !== 'number' && type !== 'time') {
    complain(`A ${type} cannot be compared with ${operator}.`, 'operator');
  }
  if (typeof value === 'object' && 'now' in value) {
    if (type !== 'time') complain('Only a time can be compared with the moment of deciding.', 'value');
    if (!ordered.includes(operator)) complain(`A moment that moves cannot be compared with ${operator}.`, 'operator');
    return;
  }
  if (Array.isArray(value) !== (operator === 'in')) {
    return complain(
      operator === 'in' ? 'This operator takes a list of values.' : 'This operator takes one value.',
      'value',
    );
  }
  const values: readonly Scalar[] = Array.isArray(value) ? value : [value];
  if (!values.every((one) => isOf(type, one))) complain(`The attribute is a ${type}; the value is not.`, 'value');
}

function isOf(type: AttributeType, value: Scalar): boolean {
  if (type === 'time') return Number.isSafeInteger(value);
  return typeof value === type;
}
