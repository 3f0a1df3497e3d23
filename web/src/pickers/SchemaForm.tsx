/** A form made from the JSON schema of a step's or condition's settings. Ids of known things become pickers. */
import { Fieldset, Stack } from '@mantine/core';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { JsonSchema, ParamsSchema } from './api';
import { ConditionBuilder, type ConditionNode } from './ConditionBuilder';
import {
  ChoiceEntry,
  DateEntry,
  FlagEntry,
  NumberEntry,
  PickerEntry,
  TextEntry,
  TextsEntry,
  TimeEntry,
} from './entries';
import { FactEntry, FactObjectEntry } from './fact-entries';
import { ItemsEntry, VariantsEntry } from './nested-entries';
import classes from './pickers.module.css';
import { RecordFieldEntry, RecordSchemaContext, RelationshipEntry } from './record-entries';
import {
  type Defs,
  isBare,
  isBetween,
  isSpan,
  kindOfOperator,
  type Shape,
  shapeOf,
  takesMany,
  type ValueKind,
} from './schema';
import { useWords } from './use-words';
import { ValueEntry } from './ValueEntry';

type Params = Record<string, unknown>;
export type Errors = Record<string, string>;
type Props = {
  schema: ParamsSchema;
  value: Params;
  onChange: (value: Params) => void;
  /** What the server says about a part, by its pointer, such as "/tag_id". */
  errors?: Errors;
  /** Beside one another where there is room. */
  isRow?: boolean;
};

export function SchemaForm({ schema, value, onChange, errors = {}, isRow }: Props) {
  const subject = ['field_id', 'company_field_id', 'attribute'].find((name) => name in (schema.properties ?? {}));
  const needsSubject = subject !== undefined && !value[subject];
  const isShown = (name: string) => {
    if (needsSubject && ['operator', 'value', 'value_to'].includes(name)) return false;
    if (name === 'where' || name === 'relationship_id') return typeof value.schema_id === 'number';
    if (name === 'step_id') return value.step_id !== undefined;
    if (name === 'value_to') return isBetween(value.operator);
    return !(name === 'value' && isBare(value.operator));
  };
  const entries = Object.entries(schema.properties ?? {}).filter(([name]) => isShown(name));
  const Frame = isRow ? Row : Stacked;
  const outer = useContext(RecordSchemaContext);
  const form = (
    <Frame>
      {entries.map(([name, property]) => (
        <Entry
          key={name}
          name={name}
          schema={property}
          defs={schema.$defs}
          isRequired={schema.required?.includes(name) ?? false}
          value={value[name] ?? property.default}
          siblings={{ operator: schema.properties?.operator?.default, ...value }}
          hint={kindOfOperator(schema.properties?.operator?.default)}
          errors={errors}
          onChange={(next) => onChange(changed(value, name, next))}
        />
      ))}
    </Frame>
  );
  const schemaId = typeof value.schema_id === 'number' ? value.schema_id : outer;
  return <RecordSchemaContext value={schemaId}>{form}</RecordSchemaContext>;
}

/** Another field may not fit the operator and the value any more, and another operator not the value. */
function changed(value: Params, name: string, next: unknown): Params {
  if (name === 'fact' && next !== value.fact) return { fact: next };
  if (name === 'schema_id' && next !== value.schema_id) return { schema_id: next };
  const isOther = ['field_id', 'company_field_id', 'attribute'].includes(name) && next !== value[name];
  const { value: _value, value_to: _end, ...withoutValue } = value;
  const { operator: _operator, ...withoutBoth } = withoutValue;
  const isUnfit = name === 'operator' && shapeOfValue(next) !== shapeOfValue(value.operator);
  const kept = isOther ? withoutBoth : isUnfit ? withoutValue : value;
  return { ...kept, [name]: next };
}

const shapeOfValue = (operator: unknown) => [isBare, isSpan, isBetween, takesMany].findIndex((asks) => asks(operator));

const Row = ({ children }: { children: React.ReactNode }) => <div className={classes.row}>{children}</div>;
const Stacked = ({ children }: { children: React.ReactNode }) => <Stack gap="sm">{children}</Stack>;

export type EntryProps = {
  name: string;
  label: string;
  isRequired: boolean;
  value: unknown;
  siblings: Params;
  /** The kind of value compared, where the schema knows it. */
  hint: ValueKind | null;
  error?: string;
  onChange: (value: unknown) => void;
};

type Given = Omit<EntryProps, 'label' | 'error'> & { schema: JsonSchema; defs: Defs; errors: Errors };

function Entry({ schema, defs, errors, ...rest }: Given) {
  const { labelOf } = useWords();
  const { t } = useTranslation('pickers');
  const shape = shapeOf(rest.name, schema, defs);
  const label = schema.title && schema.title !== rest.name ? schema.title : labelOf(rest.name);
  const entry = { ...rest, label, error: errors[`/${rest.name}`] };
  const inner = inside(errors, rest.name);
  switch (shape.kind) {
    case 'condition':
      return (
        <div className={classes.whole}>
          <ConditionBuilder value={rest.value as ConditionNode | undefined} onChange={rest.onChange} />
        </div>
      );
    case 'object':
      return (
        <Fieldset className={classes.whole} legend={label} variant="filled" p="xs">
          <SchemaForm
            isRow
            schema={shape.schema}
            value={(rest.value ?? {}) as Params}
            errors={inner}
            onChange={rest.onChange}
          />
        </Fieldset>
      );
    case 'variants':
      return <VariantsEntry {...entry} shape={shape} defs={defs} errors={inner} />;
    case 'items':
      return <ItemsEntry {...entry} item={shape.item} defs={defs} errors={inner} add={t('addItem')} />;
    default:
      return <Simple {...entry} shape={shape} />;
  }
}

type SimpleShape = Exclude<Shape, { kind: 'condition' | 'object' | 'variants' | 'items' }>;

function Simple({ shape, ...entry }: EntryProps & { shape: SimpleShape }) {
  switch (shape.kind) {
    case 'picker':
      return <PickerEntry {...entry} shape={shape} />;
    case 'choice':
      return <ChoiceEntry {...entry} shape={shape} />;
    case 'number':
      return <NumberEntry {...entry} shape={shape} />;
    case 'flag':
      return <FlagEntry {...entry} />;
    case 'date':
      return <DateEntry {...entry} />;
    case 'fact':
      return <FactEntry {...entry} />;
    case 'factObject':
      return <FactObjectEntry {...entry} />;
    case 'relationship':
      return <RelationshipEntry {...entry} />;
    case 'recordField':
      return <RecordFieldEntry {...entry} />;
    case 'time':
      return <TimeEntry {...entry} />;
    case 'texts':
      return <TextsEntry {...entry} />;
    case 'value':
      return <ValueEntry {...entry} />;
    default:
      return <TextEntry {...entry} />;
  }
}

function inside(errors: Errors, name: string): Errors {
  const start = `/${name}/`;
  const found = Object.entries(errors).filter(([pointer]) => pointer.startsWith(start));
  return Object.fromEntries(found.map(([pointer, text]) => [pointer.slice(start.length - 1), text]));
}
