import { Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import { type Tag, tagsQuery } from '@/pickers/api';
import { MergeTagDialog } from '../parts/MergeTagDialog';
import { StructurePage } from '../parts/StructurePage';
import { TagForm } from '../parts/TagForm';

export function TagsPage() {
  const { t } = useTranslation('contacts');
  const [merged, setMerged] = useState<Tag | null>(null);
  return (
    <>
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
        onMerge={setMerged}
      />
      {merged && <MergeTagDialog tag={merged} onClose={() => setMerged(null)} />}
    </>
  );
}
