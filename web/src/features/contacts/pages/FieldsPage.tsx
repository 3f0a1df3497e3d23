import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { fieldsQuery } from '@/pickers/api';
import { FieldForm } from '../parts/StructureForms';
import { StructurePage } from '../parts/StructurePage';

export function FieldsPage() {
  const { t } = useTranslation('contacts');
  return (
    <StructurePage
      kind="fields"
      query={fieldsQuery}
      cells={[
        { header: t('structure.fields.type'), cell: (field) => t(`structure.types.${field.type}`) },
        { header: t('structure.fields.key'), wide: true, cell: (field) => <Code>%{field.key}%</Code> },
      ]}
      form={(field, close) => <FieldForm field={field} onClose={close} />}
    />
  );
}
