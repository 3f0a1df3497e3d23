/** Heading and tabs of the tags, lists and fields pages. */
import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page, PageHeader } from '@/ui/Page';
import type { Kind } from '../structure-api';

const kinds: Kind[] = ['tags', 'lists', 'fields'];

export function StructureFrame({ kind, actions, children }: { kind: Kind; actions: ReactNode; children: ReactNode }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  return (
    <Page width={1040}>
      <PageHeader title={t('structure.title')} description={t(`structure.${kind}.subtitle`)} actions={actions} />
      <Tabs
        value={kind}
        onChange={(next) => {
          const to = kinds.find((name) => name === next);
          if (to) void navigate({ to: `/contacts/${to}` });
        }}
      >
        <Tabs.List mb="md" aria-label={t('structure.label')}>
          {kinds.map((name) => (
            <Tabs.Tab key={name} value={name} fw={550} fz="sm">
              {t(`structure.tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>{children}</Tabs.Panel>
      </Tabs>
    </Page>
  );
}
