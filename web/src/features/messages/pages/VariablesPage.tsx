/** Message variables: words kept under a tag, the same in every message. */
import { Badge, Button, Code, Group, Text } from '@mantine/core';
import { IconBraces, IconLock, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { ListCard, type ListColumn } from '@/ui/ListCard';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView } from '@/ui/States';
import { type Variable, variablesQuery } from '../library-api';
import { VariableDialog } from '../parts/VariableDialog';
import { VariableMenu } from '../parts/VariableMenu';

export function VariablesPage() {
  const { t } = useTranslation('messages');
  const mayEdit = useMay('editor');
  const [edited, setEdited] = useState<Variable | 'new' | null>(null);
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('variables.new')}
    </Button>
  );
  const columns: ListColumn<Variable>[] = [
    {
      label: t('variables.name'),
      cell: (item) => (
        <>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {item.name}
            </Text>
            {item.is_locked && (
              <Badge variant="light" color="gray" leftSection={<IconLock size={12} />}>
                {t('variables.locked')}
              </Badge>
            )}
          </Group>
          <Text size="xs" c="dimmed" lineClamp={1}>
            {item.content}
          </Text>
        </>
      ),
    },
    { label: t('variables.tag'), cell: (item) => <Code style={{ overflowWrap: 'anywhere' }}>{`%${item.tag}%`}</Code> },
    { label: t('columns.changed'), isFigure: true, isWide: true, cell: (item) => formatAgo(item.updated_at) },
  ];
  if (mayEdit) {
    columns.push({
      label: t('columns.actions'),
      isUnnamed: true,
      cell: (item) => <VariableMenu variable={item} onEdit={() => setEdited(item)} />,
    });
  }
  return (
    <Page width={1040}>
      <PageHeader title={t('variables.title')} description={t('variables.subtitle')} actions={add} />
      <ListCard
        label={t('variables.title')}
        query={useQuery(variablesQuery)}
        columns={columns}
        empty={
          <EmptyView
            icon={<IconBraces size={26} stroke={1.6} />}
            title={t('variables.none')}
            description={t('variables.noneText')}
            actions={add}
          />
        }
      />
      {edited && <VariableDialog variable={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
