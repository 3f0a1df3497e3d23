/** A condition said in words: which of them are fixed and which were chosen. */
import type { JsonSchema, ParamsSchema } from '../api';
import type { PickerKind } from '../ObjectPicker';
import { isBare, pickerOf } from '../schema';
import type { Leaf, Params } from './tree';

export type Word = { text: string; tone: 'plain' | 'chosen' | 'missing' };
export type Speech = {
  /** "Is on list {list_id}[ with status {status}]": what stands in brackets is left out when nothing was chosen. */
  template: (type: string) => string | null;
  /** An operator that takes its value into itself: "is in the last {value} days". */
  operator: (name: string) => string | null;
  choice: (choice: string) => string;
  name: (kind: PickerKind, id: number) => string | null;
  fact: (name: string) => { label: string; picker: PickerKind | null } | null;
  missing: (kind: PickerKind | 'value' | 'attribute') => string;
  label: (name: string) => string;
  yes: string;
  no: string;
};

const plain = (text: string): Word => ({ text, tone: 'plain' });
const chosen = (text: string): Word => ({ text, tone: 'chosen' });

const isNothing = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const PLACE = /\{(\w+)\}/;
const NUMBERED = ['weekdays'];

const choices = (property: JsonSchema | undefined) =>
  property?.enum ?? property?.items?.enum ?? property?.anyOf?.find((option) => option.enum)?.enum;

/** Says one condition; knows its schema, so that only what has words of its own is put into other words. */
class Speaker {
  constructor(
    private params: Params,
    private properties: Record<string, JsonSchema>,
    private speech: Speech,
  ) {}

  given(name: string): unknown {
    return this.params[name] ?? this.properties[name]?.default;
  }

  fill(template: string): Word[] {
    const said = template.replace(/\[([^\]]*)\]/g, (_all, part: string) => {
      const names = [...part.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
      return names.every((name) => this.isUnsaid(name)) ? '' : part;
    });
    return said.split(/(\{\w+\})/).flatMap((piece) => {
      const name = PLACE.exec(piece)?.[1];
      if (!name) return piece ? [plain(piece)] : [];
      return name === 'operator' ? this.operator(true) : this.value(name);
    });
  }

  private isUnsaid(name: string): boolean {
    const value = this.params[name];
    return isNothing(value) || value === this.properties[name]?.default;
  }

  /** With the value it compares to, unless it needs none or the template has its own place for it. */
  operator(hasValue: boolean): Word[] {
    const operator = String(this.given('operator') ?? '');
    const own = this.speech.operator(operator);
    if (own) return this.fill(own);
    const word = plain(this.speech.choice(operator).toLowerCase());
    const compares = choices(this.properties.operator)?.includes('equals') ?? true;
    return isBare(operator) || !hasValue || !compares ? [word] : [word, plain(' '), ...this.value('value')];
  }

  value(name: string): Word[] {
    const value = this.given(name);
    const kind = this.kindOf(name);
    if (isNothing(value)) {
      return [{ text: this.speech.missing(kind ?? (name === 'attribute' ? name : 'value')), tone: 'missing' }];
    }
    if (name === 'fact') return [chosen(this.speech.fact(String(value))?.label ?? String(value))];
    if (kind) {
      const ids = Array.isArray(value) ? (value as number[]) : [Number(value)];
      return [chosen(ids.map((id) => this.speech.name(kind, id) ?? `#${id}`).join(', '))];
    }
    return [chosen((Array.isArray(value) ? value : [value]).map((item) => this.text(name, item)).join(', '))];
  }

  private kindOf(name: string): PickerKind | null | undefined {
    if (name === 'value' && this.params.attribute === 'owner_id') return 'user';
    if (name === 'object_id') return this.speech.fact(String(this.params.fact))?.picker;
    return pickerOf(name);
  }

  private text(name: string, value: unknown): string {
    if (typeof value === 'boolean') return value ? this.speech.yes : this.speech.no;
    if (NUMBERED.includes(name)) return this.speech.choice(`${name}_${value}`);
    if (typeof value === 'object' && value !== null) {
      return Object.values(value)
        .filter((part) => !isNothing(part))
        .map((part) => (typeof part === 'string' && part.includes('_') ? this.speech.choice(part) : String(part)))
        .join(' ');
    }
    const text = String(value);
    return choices(this.properties[name])?.map(String).includes(text) ? this.speech.choice(text) : text;
  }
}

/** Without a template: the label, then what was chosen, in the order of the form. */
export function sentenceOf(leaf: Leaf, label: string, schema: ParamsSchema, speech: Speech): Word[] {
  const properties = schema.properties ?? {};
  const speaker = new Speaker(leaf.params, properties, speech);
  const template = speech.template(leaf.type);
  if (template) return speaker.fill(template);
  const said = Object.keys(properties).filter(
    (name) => schema.required?.includes(name) || !isNothing(leaf.params[name]),
  );
  const parts = said.flatMap((name, index): Word[] => {
    if (name === 'operator') return [plain(' '), ...speaker.operator(false)];
    const isNamed = index > 0 && !pickerOf(name) && name !== 'value' && typeof leaf.params[name] !== 'string';
    return [plain(isNamed ? `, ${speech.label(name).toLowerCase()} ` : ' '), ...speaker.value(name)];
  });
  return [plain(label), ...parts];
}
