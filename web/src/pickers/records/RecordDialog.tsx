/** A new record of a schema; `related` says what it belongs to from the start. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import type { FieldValue } from '../api';
import { type ObjectRecord, type Schema, useCreateRecord } from './api';
import { FieldInput } from './FieldInput';

type Props = {
  schema: Schema | null;
  related?: Record<string, number[]>;
  onClose: () => void;
  onSaved?: (record: ObjectRecord) => void;
};

export function RecordDialog({ schema, related, onClose, onSaved }: Props) {
  const { t } = useTranslation('pickers');
  return (
    <Modal
      opened={schema !== null}
      onClose={onClose}
      title={schema ? t('records.add', { name: schema.singular }) : ''}
      closeButtonProps={{ 'aria-label': t('records.close') }}
    >
      {schema && <RecordForm schema={schema} related={related} onClose={onClose} onSaved={onSaved} />}
    </Modal>
  );
}

function RecordForm({ schema, related, onClose, onSaved }: Props & { schema: Schema }) {
  const { t } = useTranslation('pickers');
  const [fields, setFields] = useState<Record<string, FieldValue>>({});
  const [externalId, setExternalId] = useState('');
  const create = useCreateRecord(schema.id);
  const problems = create.error instanceof ApiError ? pointed(create.error) : {};
  const submit = () =>
    create.mutate(
      { fields, external_id: externalId.trim() || null, related: related ?? {} },
      {
        onSuccess: (record) => {
          onClose();
          onSaved?.(record);
        },
      },
    );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        {schema.fields.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            value={fields[field.id] ?? null}
            error={problems[field.id]}
            onChange={(value) => setFields({ ...fields, [field.id]: value })}
          />
        ))}
        <TextInput
          label={t('records.externalId')}
          description={t('records.externalIdHint')}
          autoComplete="off"
          value={externalId}
          onChange={(event) => setExternalId(event.currentTarget.value)}
        />
        {create.isError && Object.keys(problems).length === 0 && (
          <Text size="sm" c="red" role="alert">
            {messageOf(create.error)}
          </Text>
        )}
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('records.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('records.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Messages by the id of the field: the server points to "/fields/<id>". */
function pointed(error: ApiError): Record<string, string> {
  const found = Object.entries(error.fields).flatMap(([place, text]) => {
    const id = /^\/?fields[./](.+)$/.exec(place)?.[1];
    return id ? [[id, text] as const] : [];
  });
  return Object.fromEntries(found);
}
