/** What stands under the conditions of a saved segment. */
import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ConditionNode } from '@/pickers/ConditionBuilder';
import type { Segment } from '../api';
import { SegmentContacts } from './SegmentContacts';
import { SegmentHistory } from './SegmentHistory';

const tabs = ['contacts', 'history'] as const;

export function SegmentTabs({ segment, condition }: { segment: Segment; condition: ConditionNode }) {
  const { t } = useTranslation('segments');
  const { tab = 'contacts' } = useSearch({ from: '/_app/segments/$id' });
  const navigate = useNavigate({ from: '/segments/$id' });
  return (
    <Tabs
      mt="md"
      value={tab}
      keepMounted={false}
      onChange={(value) =>
        void navigate({
          search: { tab: value === 'history' ? 'history' : undefined },
          replace: true,
          ignoreBlocker: true,
        })
      }
    >
      <Tabs.List aria-label={t('tabs.label')}>
        {tabs.map((name) => (
          <Tabs.Tab key={name} value={name} fw={550} fz="sm">
            {t(`tabs.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="contacts">
        <SegmentContacts condition={condition} />
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <SegmentHistory segmentId={segment.id} />
      </Tabs.Panel>
    </Tabs>
  );
}
