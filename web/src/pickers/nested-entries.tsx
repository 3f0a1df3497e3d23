/** Settings inside settings: one of several forms, or a list of forms. */
import { ActionIcon, Button, Fieldset, Group, Select, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { JsonSchema } from './api';
import classes from './pickers.module.css';
import { type EntryProps, type Errors, SchemaForm } from './SchemaForm';
import type { Defs, Shape } from './schema';
import { useWords } from './use-words';

type Params = Record<string, unknown>;
type VariantsProps = EntryProps & { shape: Extract<Shape, { kind: 'variants' }>; defs: Defs; errors: Errors };

export function VariantsEntry({ shape, defs, errors, label, isRequired, value, error, onChange }: VariantsProps) {
  const { choiceOf } = useWords();
  const { tag, variants } = shape;
  const params = (value ?? {}) as Params;
  const chosen = variants.find((variant) => variant.name === params[tag]);
  const { [tag]: _tag, ...properties } = chosen?.schema.properties ?? {};
  return (
    <Fieldset className={classes.whole} legend={label} variant="filled" p="xs">
      <Stack gap="xs">
        <Select
          aria-label={label}
          error={error}
          data={variants.map(({ name }) => ({ value: name, label: choiceOf(name, null) }))}
          value={chosen?.name ?? null}
          allowDeselect={!isRequired}
          comboboxProps={{ shadow: 'md' }}
          onChange={(name) => onChange(name === null ? null : { [tag]: name })}
        />
        {chosen && Object.keys(properties).length > 0 && (
          <SchemaForm
            isRow
            schema={{ ...chosen.schema, properties, $defs: defs, type: 'object' }}
            value={params}
            errors={errors}
            onChange={(next) => onChange({ ...next, [tag]: chosen.name })}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

type ItemsProps = EntryProps & { item: JsonSchema; defs: Defs; errors: Errors; add: string };

export function ItemsEntry({ item, defs, errors, add, label, value, onChange }: ItemsProps) {
  const { t } = useTranslation('pickers');
  const items = Array.isArray(value) ? (value as Params[]) : [];
  const errorsOf = (index: number) =>
    Object.fromEntries(
      Object.entries(errors).flatMap(([pointer, text]) =>
        pointer.startsWith(`/${index}/`) ? [[pointer.slice(`/${index}`.length), text]] : [],
      ),
    );
  return (
    <Fieldset className={classes.whole} legend={label} variant="filled" p="xs">
      <Stack gap="xs">
        {items.map((params, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
          <Group key={index} wrap="nowrap" align="flex-end" gap="xs">
            <div className={classes.grow}>
              <SchemaForm
                isRow
                schema={{ ...item, $defs: defs, type: 'object' }}
                value={params}
                errors={errorsOf(index)}
                onChange={(next) => onChange(items.map((old, at) => (at === index ? next : old)))}
              />
            </div>
            <ActionIcon
              size={34}
              aria-label={t('removeItem')}
              onClick={() => onChange(items.filter((_item, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange([...items, {}])}
        >
          {add}
        </Button>
      </Stack>
    </Fieldset>
  );
}
