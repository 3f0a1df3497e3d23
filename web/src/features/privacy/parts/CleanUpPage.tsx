/** The frame of the duplicates and the trash. */
import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page, PageHeader } from '@/ui/Page';

const kinds = ['duplicates', 'trash'] as const;
type Props = { kind: (typeof kinds)[number]; actions?: ReactNode; children: ReactNode };

export function CleanUpPage({ kind, actions, children }: Props) {
  const { t } = useTranslation('privacy');
  const navigate = useNavigate();
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t(`${kind}.subtitle`)} actions={actions} />
      <Tabs
        value={kind}
        onChange={(next) => {
          const to = kinds.find((name) => name === next);
          if (to) void navigate({ to: `/contacts/${to}` });
        }}
      >
        <Tabs.List mb="md" aria-label={t('label')}>
          {kinds.map((name) => (
            <Tabs.Tab key={name} value={name} fw={550} fz="sm">
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>{children}</Tabs.Panel>
      </Tabs>
    </Page>
  );
}
