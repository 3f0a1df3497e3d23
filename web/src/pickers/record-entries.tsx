/** Inputs about records of custom objects: by which relationship they belong, and which of their fields. */
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { type Schema, schemasQuery } from './records/api';
import type { EntryProps } from './SchemaForm';

/** The id of the custom object that the inputs inside are about. */
export const RecordSchemaContext = createContext<number | null>(null);

export function useRecordSchema(): Schema | undefined {
  const id = useContext(RecordSchemaContext);
  const { data } = useQuery({ ...schemasQuery, enabled: id !== null });
  return data?.items.find((schema) => schema.id === id);
}

const comboboxProps = { shadow: 'md' } as const;

export function RelationshipEntry({ label, value, error, onChange }: EntryProps) {
  const { t } = useTranslation('pickers');
  const schema = useRecordSchema();
  const choices = (schema?.relationships ?? []).filter((one) => one.namespace === 'contact');
  if (choices.length < 2 && !value) return null;
  return (
    <Select
      {...{ label, error, onChange, comboboxProps }}
      clearable
      placeholder={t('anyRelationship')}
      data={choices.map((one) => ({ value: one.id, label: one.name }))}
      value={typeof value === 'string' ? value : null}
    />
  );
}

export function RecordFieldEntry({ label, value, error, onChange }: EntryProps) {
  const schema = useRecordSchema();
  return (
    <Select
      {...{ label, error, onChange, comboboxProps }}
      withAsterisk
      searchable
      allowDeselect={false}
      data={(schema?.fields ?? []).map((field) => ({ value: field.id, label: field.name }))}
      value={typeof value === 'string' ? value : null}
    />
  );
}
