/** The automations a contact is in or has been through, each with the path taken. */
import { Badge, Button, Text } from '@mantine/core';
import { IconBolt, IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { ListCard, type ListColumn, listName } from '@/ui/ListCard';
import { LinkAnchor } from '@/ui/links';
import { EmptyView } from '@/ui/States';
import { type ContactAutomation, contactAutomationsQuery } from '../api';
import { enrollmentStates, wordOf } from '../model';
import { RunPath } from './RunPath';
import { WhyAutomation } from './WhyAutomation';

const stateColor = { due: 'teal', waiting: 'orange', completed: 'brand', parked: 'red', exited: 'gray' } as const;

export function AutomationsTab({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const [open, setOpen] = useState<number | null>(null);
  const columns: ListColumn<ContactAutomation>[] = [
    {
      label: t('automations.automation'),
      cell: (row) => (
        <>
          <LinkAnchor to="/automations/$id" params={{ id: String(row.automation_id) }} {...listName}>
            {row.automation_name}
          </LinkAnchor>
          {row.error && (
            <Text size="xs" c="var(--mantine-color-error)">
              {row.error}
            </Text>
          )}
        </>
      ),
    },
    {
      label: t('automations.state'),
      cell: (row) => {
        const state = wordOf(enrollmentStates, row.state);
        return (
          <Badge color={stateColor[state]} miw="max-content">
            {t(`automations.states.${state}`)}
          </Badge>
        );
      },
    },
    { label: t('automations.entered'), isWide: true, cell: (row) => formatAgo(row.entered_at) },
    {
      label: t('automations.until'),
      isFigure: true,
      isWide: true,
      cell: (row) => {
        const end = row.finished_at ?? row.due_at;
        return end ? formatMoment(end) : '–';
      },
    },
    {
      label: t('automations.path'),
      isFigure: true,
      cell: (row) => (
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={open === row.id}
          rightSection={open === row.id ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
          onClick={() => setOpen(open === row.id ? null : row.id)}
        >
          {open === row.id ? t('automations.hidePath') : t('automations.showPath')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <ListCard
        label={t('profile.tabs.automations')}
        query={useQuery(contactAutomationsQuery(contactId))}
        columns={columns}
        below={(row) => row.id === open && <RunPath run={row} />}
        empty={
          <EmptyView
            icon={<IconBolt size={26} stroke={1.6} />}
            title={t('automations.none')}
            description={t('automations.noneText')}
            height={240}
          />
        }
      />
      <WhyAutomation contactId={contactId} />
    </>
  );
}
