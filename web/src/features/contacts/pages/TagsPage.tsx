import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import { tagsQuery } from '@/pickers/api';
import { TagForm } from '../parts/StructureForms';
import { StructurePage } from '../parts/StructurePage';

export function TagsPage() {
  const { t } = useTranslation('contacts');
  return (
    <StructurePage
      kind="tags"
      query={tagsQuery}
      cells={[
        {
          header: t('structure.description'),
          wide: true,
          cell: (tag) => (
            <Text size="sm" c="dimmed" lineClamp={1}>
              {tag.description || '–'}
            </Text>
          ),
        },
        {
          header: t('structure.contacts'),
          align: 'right',
          cell: (tag) => <span className="num">{formatNumber(tag.contact_count)}</span>,
        },
      ]}
      form={(tag, close) => <TagForm tag={tag} onClose={close} />}
      contactsOf={(tag) => ({ tag: tag.id })}
    />
  );
}
