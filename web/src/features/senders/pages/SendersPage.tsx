/** Senders, domains, mail servers and limits; the part stands in the address. */
import { Tabs } from '@mantine/core';
import { IconGauge, IconSend, IconServer, IconWorld } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { Page, PageHeader } from '@/ui/Page';
import { DomainsTab } from '../parts/DomainsTab';
import { LimitsTab } from '../parts/LimitsTab';
import { SendersTab } from '../parts/SendersTab';
import { ServersTab } from '../parts/ServersTab';

const parts = [
  { id: 'senders', icon: IconSend, view: SendersTab, isForAdmins: false },
  { id: 'domains', icon: IconWorld, view: DomainsTab, isForAdmins: false },
  { id: 'servers', icon: IconServer, view: ServersTab, isForAdmins: true },
  { id: 'limits', icon: IconGauge, view: LimitsTab, isForAdmins: false },
] as const;

export function SendersPage() {
  const { t } = useTranslation('senders');
  const { tab = 'senders' } = useSearch({ from: '/_app/senders' });
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  const shown = parts.filter((part) => isAdmin || !part.isForAdmins);
  const open = shown.find((part) => part.id === tab) ?? shown[0];
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <Tabs
        value={open?.id}
        keepMounted={false}
        onChange={(next) => {
          const part = parts.find(({ id }) => id === next);
          if (part) void navigate({ to: '/senders', search: { tab: part.id } });
        }}
      >
        <Tabs.List
          mb="lg"
          aria-label={t('label')}
          style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}
        >
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
