/** Who is not mailed, and where bounces come in; the part stands in the address. */
import { Tabs } from '@mantine/core';
import { IconInbox, IconMailOff } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { Page, PageHeader } from '@/ui/Page';
import { InboundTab } from '../parts/InboundTab';
import { ListTab } from '../parts/ListTab';

const parts = [
  { id: 'list', icon: IconMailOff, view: ListTab },
  { id: 'inbound', icon: IconInbox, view: InboundTab },
] as const;

export function SuppressionsPage() {
  const { t } = useTranslation('suppressions');
  const { tab = 'list' } = useSearch({ from: '/_app/suppressions' });
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  const shown = parts.filter((part) => isAdmin || part.id === 'list');
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <Tabs
        value={shown.some((part) => part.id === tab) ? tab : 'list'}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ to: '/suppressions', search: { tab: next === 'inbound' ? next : undefined } })
        }
      >
        <Tabs.List mb="lg" aria-label={t('label')}>
          {shown.map(({ id, icon: Icon }) => (
            <Tabs.Tab key={id} value={id} fw={550} fz="sm" leftSection={<Icon size={16} stroke={1.7} />}>
              {t(`tabs.${id}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ id, view: View }) => (
          <Tabs.Panel key={id} value={id}>
            <View />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
