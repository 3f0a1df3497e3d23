/** A condition said in words: which of them are fixed and which were chosen. */
import type { JsonSchema, ParamsSchema } from '../api';
import type { PickerKind } from '../ObjectPicker';
import { isBare, pickerOf } from '../schema';
import type { Leaf, Params } from './tree';

export type Word = { text: string; tone: 'plain' | 'chosen' | 'missing' };
export type Speech = {
  /** "Is on list {list_id} [with status {status}]": what stands in brackets is left out when nothing was chosen. */
  template: (type: string) => string | null;
  /** An operator that takes its value into itself: "is in the last {value} days". */
  operator: (name: string) => string | null;
  choice: (choice: string) => string;
  name: (kind: PickerKind, id: number) => string | null;
  missing: (kind: PickerKind | 'value') => string;
  label: (name: string) => string;
  yes: string;
  no: string;
};

const plain = (text: string): Word => ({ text, tone: 'plain' });
const chosen = (text: string): Word => ({ text, tone: 'chosen' });

const isNothing = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

function valueWords(name: string, value: unknown, speech: Speech, params: Params = {}): Word[] {
  const kind = name === 'value' && params.attribute === 'owner_id' ? 'owner' : pickerOf(name);
  if (isNothing(value)) return [{ text: speech.missing(kind ?? 'value'), tone: 'missing' }];
  if (kind) {
    const ids = Array.isArray(value) ? (value as number[]) : [Number(value)];
    return [chosen(ids.map((id) => speech.name(kind, id) ?? `#${id}`).join(', '))];
  }
  if (Array.isArray(value)) {
    const isNamed = name === 'weekdays';
    return [
      chosen(value.map((item) => (isNamed ? speech.choice(`${name}_${item}`) : textOf(item, speech))).join(', ')),
    ];
  }
  if (typeof value === 'object') return [chosen(textOf(value, speech))];
  if (typeof value === 'boolean') return [chosen(value ? speech.yes : speech.no)];
  return [chosen(typeof value === 'string' && name !== 'value' ? speech.choice(value) : String(value))];
}

function textOf(value: unknown, speech: Speech): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : String(value);
  const told = Object.entries(value).filter(([, part]) => !isNothing(part));
  return told.map(([, part]) => (typeof part === 'string' ? speech.choice(part) : textOf(part, speech))).join(' ');
}

const PLACE = /\{(\w+)\}/;

function fill(template: string, params: Params, defaults: Params, speech: Speech): Word[] {
  const given = (name: string) => params[name] ?? defaults[name];
  const flat = template.replace(/\[([^\]]*)\]/g, (_all, part: string) => {
    const name = PLACE.exec(part)?.[1];
    return name && isNothing(given(name)) ? '' : part;
  });
  return flat.split(/(\{\w+\})/).flatMap((piece): Word[] => {
    const name = PLACE.exec(piece)?.[1];
    if (!name) return piece ? [plain(piece)] : [];
    const value = given(name);
    if (name === 'operator') return operatorWords(String(value ?? ''), params, speech, true);
    return valueWords(name, value, speech, params);
  });
}

function operatorWords(operator: string, params: Params, speech: Speech, hasValue: boolean): Word[] {
  const own = speech.operator(operator);
  if (own) return fill(own, params, {}, speech);
  const word = plain(speech.choice(operator).toLowerCase());
  if (isBare(operator) || !hasValue) return [word];
  return [word, plain(' '), ...valueWords('value', params.value, speech, params)];
}

/** Without a template: the label, then what was chosen, in the order of the form. */
export function sentenceOf(leaf: Leaf, label: string, schema: ParamsSchema, speech: Speech): Word[] {
  const properties = schema.properties ?? {};
  const defaults = Object.fromEntries(
    Object.entries(properties).map(([name, property]: [string, JsonSchema]) => [name, property.default]),
  );
  const template = speech.template(leaf.type);
  if (template) return fill(template, leaf.params, defaults, speech);
  const said = Object.keys(properties).filter(
    (name) => schema.required?.includes(name) || !isNothing(leaf.params[name]),
  );
  const parts = said.flatMap((name, index): Word[] => {
    const value = leaf.params[name];
    if (name === 'operator') return [plain(' '), ...operatorWords(String(value), {}, speech, false)];
    const isNamed = index > 0 && !pickerOf(name) && name !== 'value' && typeof value !== 'string';
    const lead = isNamed ? `, ${speech.label(name).toLowerCase()} ` : ' ';
    return [plain(lead), ...valueWords(name, value, speech)];
  });
  return [plain(label), ...parts];
}
