/** Settings, one section at a time; the section stands in the address. */
import { Tabs } from '@mantine/core';
import { IconAdjustments, IconChecklist, IconFileOff, IconKey, IconSend, IconUsers } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView } from '@/ui/States';
import { ApprovalSection } from '../parts/ApprovalSection';
import { KeysSection } from '../parts/KeysSection';
import { SenderSection } from '../parts/SenderSection';
import { UsersSection } from '../parts/UsersSection';
import { WorkspaceSection } from '../parts/WorkspaceSection';

const sections = [
  { id: 'workspace', icon: IconAdjustments, view: WorkspaceSection },
  { id: 'sender', icon: IconSend, view: SenderSection },
  { id: 'approval', icon: IconChecklist, view: ApprovalSection },
  { id: 'users', icon: IconUsers, view: UsersSection },
  { id: 'keys', icon: IconKey, view: KeysSection },
] as const;

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const { section } = useParams({ from: '/_app/settings/$section' });
  const navigate = useNavigate();
  if (!sections.some(({ id }) => id === section)) {
    return (
      <EmptyView
        isPage
        icon={<IconFileOff size={26} stroke={1.6} />}
        title={t('unknown')}
        actions={
          <LinkButton to="/settings/$section" params={{ section: 'workspace' }}>
            {t('toWorkspace')}
          </LinkButton>
        }
      />
    );
  }
  return (
    <Page width={880}>
      <PageHeader title={t('title')} />
      <Tabs
        value={section}
        keepMounted={false}
        onChange={(next) => next && void navigate({ to: '/settings/$section', params: { section: next } })}
      >
        <Tabs.List mb="lg" style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
          {sections.map(({ id, icon: Icon }) => (
            <Tabs.Tab key={id} value={id} fw={550} fz="sm" leftSection={<Icon size={16} stroke={1.7} />}>
              {t(`sections.${id}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {sections.map(({ id, view: View }) => (
          <Tabs.Panel key={id} value={id}>
            <View />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
