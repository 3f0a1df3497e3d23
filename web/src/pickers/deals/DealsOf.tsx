/** The deals of a contact or a company, and what is to be done about the contact. */
import { Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconHeartHandshake, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import type { Contact, Named } from '../api';
import { type Deal, dealsOfQuery, pipelinesQuery } from './api';
import classes from './deals.module.css';
import { formatMoney } from './money';
import { NewDealDialog } from './NewDealDialog';
import { TaskList } from './TaskList';

export const statusColors = { open: 'brand', won: 'teal', lost: 'gray' } as const;

type Props = { contact?: Contact; company?: Named };

export function DealsOf({ contact, company }: Props) {
  const { t } = useTranslation('pickers');
  const query = useQuery(dealsOfQuery(contact ? { contact_id: contact.id } : { company_id: company?.id }));
  const [isAdding, setAdding] = useState(false);
  const mayEdit = useMay('editor');
  if (query.isPending) return <LoadingRows count={4} />;
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />;
  const add = mayEdit && (
    <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
      {t('deals.new')}
    </Button>
  );
  return (
    <Stack gap="md">
      {query.data.items.length === 0 ? (
        <Card padding={0}>
          <EmptyView
            icon={<IconHeartHandshake size={26} stroke={1.6} />}
            title={t('deals.none')}
            description={t('deals.noneText')}
            actions={add}
            height={220}
          />
        </Card>
      ) : (
        <Card padding="md">
          <Group justify="flex-end" mb="xs">
            {add}
          </Group>
          <ul className={classes.deals}>
            {query.data.items.map((deal) => (
              <DealLine key={deal.id} deal={deal} />
            ))}
          </ul>
        </Card>
      )}
      {contact && <TaskList about={{ contact_id: contact.id }} />}
      <NewDealDialog place={isAdding ? { contact, company } : null} onClose={() => setAdding(false)} />
    </Stack>
  );
}

function DealLine({ deal }: { deal: Deal }) {
  const { t } = useTranslation('pickers');
  const { data } = useQuery(pipelinesQuery);
  const pipeline = data?.items.find((one) => one.id === deal.pipeline_id);
  const stage = pipeline?.stages.find((one) => one.id === deal.stage_id);
  return (
    <li className={classes.deal}>
      <div>
        <LinkAnchor fw={600} size="sm" to="/deals/$id" params={{ id: String(deal.id) }}>
          {deal.title}
        </LinkAnchor>
        <Text size="xs" c="dimmed">
          {[pipeline?.name, stage?.name, formatAgo(deal.touched_at)].filter(Boolean).join(' · ')}
        </Text>
      </div>
      <Text size="sm" fw={600} className="num">
        {formatMoney(deal.value, deal.currency)}
      </Text>
      <Badge variant="light" color={statusColors[deal.status]}>
        {t(`deals.statuses.${deal.status}`)}
      </Badge>
    </li>
  );
}
