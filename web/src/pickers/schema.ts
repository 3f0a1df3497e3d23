/** Which input a parameter needs, read from its JSON schema and its name. */
import type { JsonSchema, ParamsSchema } from './api';
import type { PickerKind } from './ObjectPicker';

export type Defs = Record<string, JsonSchema> | undefined;
export type Variant = { name: string; schema: JsonSchema };
export type Shape =
  | { kind: 'condition' }
  | { kind: 'picker'; picker: PickerKind; isMany: boolean }
  | { kind: 'choice'; choices: string[]; isMany: boolean; isNumeric?: boolean }
  | { kind: 'number'; isWhole: boolean; min?: number; max?: number }
  | {
      kind:
        | 'fact'
        | 'factObject'
        | 'relationship'
        | 'recordField'
        | 'date'
        | 'time'
        | 'flag'
        | 'texts'
        | 'text'
        | 'value';
    }
  | { kind: 'object'; schema: ParamsSchema }
  | { kind: 'variants'; tag: string; variants: Variant[] }
  | { kind: 'items'; item: JsonSchema };

const kinds: PickerKind[] = [
  'tag',
  'list',
  'company_field',
  'deal_field',
  'field',
  'message',
  'automation',
  'segment',
  'user',
  'company',
  'schema',
  'pipeline',
  'stage',
  'score',
];

function resolve(schema: JsonSchema, defs: Defs): JsonSchema {
  const name = schema.$ref?.split('/').pop();
  const found = name ? defs?.[name] : undefined;
  return found ? { ...resolve(found, defs), ...(schema.default !== undefined && { default: schema.default }) } : schema;
}

/** The alternatives other than "nothing". */
const options = (schema: JsonSchema, defs: Defs) =>
  (schema.anyOf ?? [schema]).map((option) => resolve(option, defs)).filter((option) => option.type !== 'null');

const isObject = (schema: JsonSchema) => schema.type === 'object' || schema.properties !== undefined;

export function pickerOf(name: string): PickerKind | undefined {
  const bare = name.replace(/_ids?$/, '').replace(/owner$/, 'user');
  return !/_ids?$/.test(name) ? undefined : kinds.find((kind) => bare === kind || bare.endsWith(`_${kind}`));
}

export function shapeOf(name: string, given: JsonSchema, defs: Defs): Shape {
  const schema = resolve(given, defs);
  const all = options(schema, defs);
  const first = all[0] ?? schema;
  const types = all.map((option) => option.type);
  const picker = pickerOf(name);
  if (name === 'condition') return { kind: 'condition' };
  if (name === 'fact') return { kind: 'fact' };
  if (name === 'object_id') return { kind: 'factObject' };
  if (name === 'relationship_id') return { kind: 'relationship' };
  if (name === 'field_id' && schema.type === 'string') return { kind: 'recordField' };
  if (picker) return { kind: 'picker', picker, isMany: types.includes('array') };
  if (all.length > 1 && all.every(isObject)) return variantsOf(schema, all);
  if (isObject(first) && first.properties) return { kind: 'object', schema: { ...first, type: 'object', $defs: defs } };
  const choices = all
    .flatMap((option) => option.enum ?? (option.const === undefined ? [] : [option.const]))
    .map(String);
  if (choices.length > 0) return { kind: 'choice', choices, isMany: false };
  if (name === 'value_to' || (name === 'value' && all.length > 1)) return { kind: 'value' };
  if (first.type === 'array') return listShape(resolve(first.items ?? {}, defs));
  if (first.type === 'boolean') return { kind: 'flag' };
  if (first.format === 'date' || first.format === 'date-time') return { kind: 'date' };
  if (/_time$/.test(name) && first.type === 'string') return { kind: 'time' };
  const isNumber = types.every((type) => type === 'integer' || type === 'number');
  if (isNumber && types.length > 0) {
    return { kind: 'number', isWhole: !types.includes('number'), min: first.minimum, max: first.maximum };
  }
  return { kind: name === 'value' ? 'value' : 'text' };
}

function listShape(item: JsonSchema): Shape {
  const { minimum, maximum } = item;
  if (item.type === 'integer' && minimum !== undefined && maximum !== undefined && maximum - minimum < 32) {
    const choices = Array.from({ length: maximum - minimum + 1 }, (_, index) => String(minimum + index));
    return { kind: 'choice', choices, isMany: true, isNumeric: true };
  }
  if (item.enum) return { kind: 'choice', choices: item.enum.map(String), isMany: true };
  return isObject(item) ? { kind: 'items', item } : { kind: 'texts' };
}

function variantsOf(schema: JsonSchema, all: JsonSchema[]): Shape {
  const tag = schema.discriminator?.propertyName ?? 'type';
  const nameOf = (option: JsonSchema) => option.properties?.[tag]?.enum?.[0] ?? option.properties?.[tag]?.const;
  return { kind: 'variants', tag, variants: all.map((option) => ({ name: String(nameOf(option)), schema: option })) };
}

export const words = (name: string) => {
  const text = name.replace(/_ids?$/, '').replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Operators that ask for nothing more. */
export const isBare = (operator: unknown) =>
  /(^|_)(empty|known|unknown|set|true|false|today|exists)$/.test(String(operator));

const isMissing = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Whether everything that must be given is given; only then is it worth asking the server. */
export function isFilled(schema: ParamsSchema, value: Record<string, unknown>): boolean {
  const properties = schema.properties ?? {};
  const required = (schema.required ?? []).filter((name) => properties[name]?.default === undefined);
  if (required.some((name) => isMissing(value[name]))) return false;
  const operator = value.operator ?? properties.operator?.default;
  const compares = properties.operator?.enum?.includes('equals') && 'value' in properties;
  if (!compares || isBare(operator)) return true;
  if (isBetween(operator) && isMissing(value.value_to)) return false;
  return !isMissing(value.value ?? properties.value?.default);
}

export type ValueKind = 'text' | 'number' | 'date' | 'choice' | 'choices';

const emptiness = ['is_empty', 'is_not_empty'];
const equality = ['equals', 'not_equals'];
const membership = ['any_of', 'none_of'];
const spans = [
  'in_last_days',
  'not_in_last_days',
  'in_next_days',
  'more_than_days_ago',
  'more_than_days_ahead',
  'anniversary_in_next_days',
];
const dates = ['before', 'on_or_before', 'after', 'on_or_after'];
const sizes = ['greater', 'greater_or_equal', 'less', 'less_or_equal'];
const parts = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'];
const operators: Record<ValueKind, string[]> = {
  text: [...equality, ...parts, ...membership, ...emptiness],
  choice: [...equality, ...membership, ...emptiness],
  choices: ['any_of', 'all_of', 'none_of', ...emptiness],
  number: [...equality, ...sizes, 'between', ...emptiness],
  date: [...spans, ...dates, 'equals', 'not_equals', 'between', ...emptiness],
};

/** The operators that make sense for a kind of value, in the order in which they are wanted. */
export function operatorsFor(choices: string[], kind: ValueKind | null, chosen: unknown): string[] {
  const wanted = kind === null ? [] : operators[kind].filter((operator) => choices.includes(operator));
  if (wanted.length === 0) return choices;
  return typeof chosen === 'string' && !wanted.includes(chosen) ? [...wanted, chosen] : wanted;
}

/** What an operator compares, where only one kind of value has it. */
export function kindOfOperator(operator: unknown): ValueKind | null {
  const name = String(operator);
  if (spans.includes(name) || dates.includes(name)) return 'date';
  return sizes.includes(name) ? 'number' : null;
}

export const isSpan = (operator: unknown) => spans.includes(String(operator));
export const isBetween = (operator: unknown) => operator === 'between';
export const takesMany = (operator: unknown) => ['any_of', 'all_of', 'none_of'].includes(String(operator));
