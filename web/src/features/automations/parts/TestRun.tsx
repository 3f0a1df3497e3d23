/** The draft tried out, on one contact with a clock of its own or on the last days: nothing is sent and nothing stays. */
import {
  Alert,
  Button,
  Drawer,
  Group,
  MultiSelect,
  SegmentedControl,
  Stack,
  Tabs,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { type Contact, listsQuery, tagsQuery } from '@/pickers/api';
import { ContactPicker } from '@/pickers/ContactPicker';
import type { AutomationDocument } from '../api';
import { type Path, pathOf, type RunEvent, useTestRun } from '../test-run-api';
import { DryRun } from './DryRun';
import { TestRunPath } from './TestRunPath';

type Props = {
  automationId: number;
  document: AutomationDocument;
  opened: boolean;
  onClose: () => void;
  onShow: (stepId: string) => void;
  /** Where the run came through, to be drawn; null when there is none to show. */
  onPath: (path: Path | null) => void;
  nameOf: (id: string, type: string) => string;
};

export function TestRunDrawer({ automationId, opened, onClose, onPath, ...shown }: Props) {
  const { t } = useTranslation('automations');
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t('testRun.title')}
      closeButtonProps={{ 'aria-label': t('inspector.close') }}
      position="right"
      size="md"
      withOverlay={false}
      lockScroll={false}
      trapFocus={false}
    >
      <Tabs defaultValue="one" keepMounted={false}>
        <Tabs.List grow mb="md">
          <Tabs.Tab value="one">{t('testRun.one')}</Tabs.Tab>
          <Tabs.Tab value="past">{t('dryRun.title')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="one">
          <OneContact opened={opened} onPath={onPath} {...shown} />
        </Tabs.Panel>
        <Tabs.Panel value="past">
          <DryRun automationId={automationId} {...shown} />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

function OneContact({ document, opened, onPath, ...shown }: Omit<Props, 'automationId' | 'onClose'>) {
  const { t } = useTranslation('automations');
  const run = useTestRun();
  const visits = run.data?.visits;
  useEffect(() => {
    onPath(visits ? pathOf(visits) : null);
    return () => onPath(null);
  }, [visits, onPath]);
  const [who, setWho] = useState('made_up');
  const [contact, setContact] = useState<Contact | null>(null);
  const [name, setName] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const [lists, setLists] = useState<string[]>([]);
  const [start, setStart] = useState('');
  const [events, setEvents] = useState<RunEvent[]>([]);
  const optionsOf = (items: { id: number; name: string }[] | undefined) =>
    (items ?? []).map((item) => ({ value: String(item.id), label: item.name }));
  const tagOptions = optionsOf(useQuery({ ...tagsQuery, enabled: opened }).data?.items);
  const listOptions = optionsOf(useQuery({ ...listsQuery, enabled: opened }).data?.items);
  const play = (next: RunEvent[]) => {
    const before = next.length > 0 ? run.data : undefined;
    const person =
      who === 'real'
        ? { contact_id: contact?.id }
        : {
            contact: {
              email: 'test-run@example.com',
              first_name: name,
              tag_ids: tags.map(Number),
              list_ids: lists.map(Number),
            },
          };
    const starts_at = before?.starts_at ?? (start ? new Date(start).toISOString() : undefined);
    const asked = { document, ...person, starts_at, choices: before?.choices, events: next };
    run.mutate(asked, { onSuccess: () => setEvents(next) });
  };
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('testRun.text')}
      </Text>
      <SegmentedControl
        aria-label={t('testRun.who')}
        value={who}
        onChange={setWho}
        data={(['made_up', 'real'] as const).map((value) => ({ value, label: t(`testRun.${value}`) }))}
      />
      {who === 'real' ? (
        <ContactPicker
          aria-label={t('testRun.contact')}
          placeholder={t('testRun.contact')}
          value={contact}
          onChange={setContact}
        />
      ) : (
        <>
          <TextInput label={t('testRun.name')} value={name} onChange={(event) => setName(event.target.value)} />
          <MultiSelect label={t('testRun.tags')} data={tagOptions} value={tags} onChange={setTags} searchable />
          <MultiSelect label={t('testRun.lists')} data={listOptions} value={lists} onChange={setLists} searchable />
        </>
      )}
      <TextInput
        type="datetime-local"
        label={t('testRun.start')}
        description={t('testRun.startText')}
        value={start}
        onChange={(event) => setStart(event.target.value)}
      />
      <Group>
        <Button loading={run.isPending} disabled={who === 'real' && !contact} onClick={() => play([])}>
          {t('testRun.run')}
        </Button>
      </Group>
      {run.isError && (
        <Alert color="red" role="alert">
          {messageOf(run.error)}
        </Alert>
      )}
      {run.data && (
        <TestRunPath
          trace={run.data}
          tags={tagOptions}
          isBusy={run.isPending}
          onHappen={(event) => play([...events, event])}
          {...shown}
        />
      )}
    </Stack>
  );
}
