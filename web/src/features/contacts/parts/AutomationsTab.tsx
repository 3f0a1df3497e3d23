/** The automations a contact is in or has been through. */
import { Badge, Card, Table, Text } from '@mantine/core';
import { IconBolt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { useObjectNames } from '@/pickers/object-names';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { contactAutomationsQuery } from '../api';
import { enrollmentStates, wordOf } from '../model';

const stateColor = { due: 'teal', waiting: 'orange', completed: 'brand', parked: 'red', exited: 'gray' } as const;

export function AutomationsTab({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const query = useQuery(contactAutomationsQuery(contactId));
  const nameOfObject = useObjectNames();
  if (query.isPending) return <Card padding={0}>{<LoadingRows count={4} />}</Card>;
  if (query.isError) {
    return (
      <Card>
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      </Card>
    );
  }
  if (query.data.items.length === 0) {
    return (
      <Card>
        <EmptyView
          icon={<IconBolt size={26} stroke={1.6} />}
          title={t('automations.none')}
          description={t('automations.noneText')}
          height={240}
        />
      </Card>
    );
  }
  return (
    <Card padding={0} style={{ overflowX: 'auto' }}>
      <Table horizontalSpacing="md" verticalSpacing={10} miw={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('automations.automation')}</Table.Th>
            <Table.Th>{t('automations.state')}</Table.Th>
            <Table.Th>{t('automations.entered')}</Table.Th>
            <Table.Th ta="right">{t('automations.until')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {query.data.items.map((row) => {
            const state = wordOf(enrollmentStates, row.state);
            const end = row.finished_at ?? row.due_at;
            return (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <LinkAnchor
                    to="/automations/$id"
                    params={{ id: String(row.automation_id) }}
                    size="sm"
                    fw={550}
                    c="var(--mantine-color-text)"
                  >
                    {row.automation_name ??
                      nameOfObject('automation_entered', row.automation_id) ??
                      `#${row.automation_id}`}
                  </LinkAnchor>
                  {row.error && (
                    <Text size="xs" c="red">
                      {row.error}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Badge color={stateColor[state]}>{t(`automations.states.${state}`)}</Badge>
                </Table.Td>
                <Table.Td className="num">{formatAgo(row.entered_at)}</Table.Td>
                <Table.Td ta="right" className="num">
                  {end ? formatMoment(end) : '–'}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
