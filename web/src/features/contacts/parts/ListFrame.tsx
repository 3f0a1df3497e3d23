/** The heading of the contact list, and what stands in the place of rows when there are none. */
import { Box, Button, Group, Text, Title } from '@mantine/core';
import { IconFileDownload, IconPlus, IconUpload, IconUserPlus, IconUserSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '@/ui/links';
import { EmptyView } from '@/ui/States';

export function ListHeading({ onAdd, onExport }: { onAdd?: () => void; onExport: () => void }) {
  const { t } = useTranslation('contacts');
  return (
    <Group justify="space-between" align="flex-end" px="var(--app-gutter)" pt={24} pb={10} gap="sm">
      <Box>
        <Title order={1}>{t('title')}</Title>
        <Text c="dimmed">{t('subtitle')}</Text>
      </Box>
      {onAdd && (
        <Group gap="xs">
          <Button variant="default" leftSection={<IconFileDownload size={16} />} onClick={onExport}>
            {t('export')}
          </Button>
          <LinkButton variant="default" to="/imports/new" leftSection={<IconUpload size={16} />}>
            {t('import')}
          </LinkButton>
          <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
            {t('add.button')}
          </Button>
        </Group>
      )}
    </Group>
  );
}

type NoContactsProps = { isFiltered: boolean; onClear: () => void; onAdd: () => void };

export function NoContacts({ isFiltered: isNarrowed, onClear, onAdd }: NoContactsProps) {
  const { t } = useTranslation('contacts');
  return isNarrowed ? (
    <EmptyView
      icon={<IconUserSearch size={26} stroke={1.6} />}
      title={t('none.title')}
      description={t('none.text')}
      actions={
        <Button variant="default" onClick={onClear}>
          {t('filter.clear')}
        </Button>
      }
    />
  ) : (
    <EmptyView
      icon={<IconUserPlus size={26} stroke={1.6} />}
      title={t('empty.title')}
      description={t('empty.text')}
      actions={
        <>
          <LinkButton to="/imports/new" leftSection={<IconUpload size={16} />}>
            {t('empty.import')}
          </LinkButton>
          <Button variant="default" onClick={onAdd}>
            {t('add.button')}
          </Button>
        </>
      }
    />
  );
}
