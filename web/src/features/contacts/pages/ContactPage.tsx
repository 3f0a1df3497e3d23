/** One contact: facts and memberships on the left, what happened on the right. */
import { ActionIcon, Avatar, Box, Group, Menu, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconCopy, IconDots, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import { copyText } from '@/lib/copy';
import { type Contact, nameOf } from '@/pickers/api';
import { DealsOf } from '@/pickers/deals/DealsOf';
import { Notes } from '@/pickers/notes/Notes';
import { Notices } from '@/pickers/notices/Notices';
import { RecordsOf } from '@/pickers/records/RecordsOf';
import { ScoresOf } from '@/pickers/scores/ScoresOf';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { contactQuery, useDeleteContact, useRestoreContact } from '../api';
import classes from '../contacts.module.css';
import { isTimelineGroup, standingOf } from '../model';
import { AutomationsTab } from '../parts/AutomationsTab';
import { ConsentTab } from '../parts/ConsentTab';
import { Facts } from '../parts/Facts';
import { FilesTab } from '../parts/FilesTab';
import { Memberships } from '../parts/Memberships';
import { MessagesTab } from '../parts/MessagesTab';
import { StatusBadge } from '../parts/StatusBadge';
import { Timeline } from '../parts/Timeline';
import { Work } from '../parts/Work';

const tabs = ['timeline', 'notes', 'files', 'messages', 'automations', 'deals', 'records', 'consent'] as const;

export function ContactPage() {
  const { t } = useTranslation('contacts');
  const { id } = useParams({ from: '/_app/contacts/$id' });
  const query = useQuery(contactQuery(Number(id)));
  if (query.isPending) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={8} />
      </Page>
    );
  }
  if (isStatus(query.error, 404) || Number.isNaN(Number(id))) {
    return (
      <EmptyView
        isPage
        icon={<IconTrash size={26} stroke={1.6} />}
        title={t('profile.gone')}
        description={t('profile.goneText')}
        actions={<LinkButton to="/contacts">{t('profile.back')}</LinkButton>}
      />
    );
  }
  if (query.isError) return <ErrorView error={query.error} onRetry={() => void query.refetch()} height={520} />;
  // The old address of a contact that was merged into this one.
  if (query.data.id !== Number(id)) {
    return <Navigate to="/contacts/$id" params={{ id: String(query.data.id) }} replace />;
  }
  return (
    <Page>
      <Head contact={query.data} />
      <div className={classes.profile}>
        <Stack gap="md">
          <Memberships contact={query.data} />
          <ScoresOf contactId={query.data.id} />
          <Work contactId={query.data.id} />
          <Facts contact={query.data} />
        </Stack>
        <History contact={query.data} />
      </div>
    </Page>
  );
}

function Head({ contact }: { contact: Contact }) {
  const { t } = useTranslation('contacts');
  const navigate = useNavigate();
  const remove = useDeleteContact();
  const restore = useRestoreContact();
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const name = nameOf(contact);
  const copy = async () => {
    await copyText(contact.email ?? '');
    toast(t('profile.copied'));
  };
  const confirm = () =>
    remove.mutate(contact.id, {
      onSuccess: () => {
        toastUndo(
          t('profile.deleted', { name }),
          t('profile.undo'),
          () =>
            // The page is gone by then, so its callbacks would not be called.
            void restore
              .mutateAsync(contact.id)
              .then(() => navigate({ to: '/contacts/$id', params: { id: String(contact.id) } }))
              .catch(toastError),
        );
        void navigate({ to: '/contacts' });
      },
      onError: toastError,
    });
  return (
    <Group mb="lg" gap="md" wrap="nowrap">
      <LinkAction to="/contacts" aria-label={t('profile.back')}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <Avatar size={52} name={name} color="initials" aria-hidden visibleFrom="xs" />
      <Box flex={1} miw={0}>
        <Group gap="xs" wrap="nowrap">
          <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <StatusBadge status={standingOf(contact)} />
        </Group>
        <Text size="sm" c="dimmed" truncate>
          {contact.email ?? t('list.noEmail')}
        </Text>
      </Box>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t('profile.actions')} variant="default" size={34}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={16} />} disabled={!contact.email} onClick={() => void copy()}>
            {t('profile.copy')}
          </Menu.Item>
          {mayEdit && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
              {t('profile.delete')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isAsking}
        title={t('profile.deleteTitle', { name })}
        action={t('profile.delete')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('profile.deleteText')}
      </ConfirmDialog>
    </Group>
  );
}

function History({ contact }: { contact: Contact }) {
  const { t } = useTranslation(['contacts', 'privacy']);
  const contactId = contact.id;
  const search = useSearch({ from: '/_app/contacts/$id' });
  const navigate = useNavigate({ from: '/contacts/$id' });
  return (
    <Tabs
      value={search.tab ?? 'timeline'}
      onChange={(value) =>
        void navigate({
          search: { tab: tabs.find((tab) => tab === value && tab !== 'timeline') },
          replace: true,
        })
      }
      keepMounted={false}
    >
      <Tabs.List mb="md" className={classes.tabs}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {tab === 'consent' ? t('consent.tab', { ns: 'privacy' }) : t(`profile.tabs.${tab}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="timeline">
        <Timeline
          contactId={contactId}
          group={isTimelineGroup(search.kind) ? search.kind : undefined}
          onGroup={(kind) => void navigate({ search: { kind }, replace: true })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="notes">
        <Notes about={`/contacts/${contactId}`} />
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <FilesTab contactId={contactId} />
      </Tabs.Panel>
      <Tabs.Panel value="messages">
        <MessagesTab contactId={contactId} />
        <Notices about={`/contacts/${contactId}`} />
      </Tabs.Panel>
      <Tabs.Panel value="automations">
        <AutomationsTab contactId={contactId} />
      </Tabs.Panel>
      <Tabs.Panel value="deals">
        <DealsOf contact={contact} />
      </Tabs.Panel>
      <Tabs.Panel value="records">
        <RecordsOf namespace="contact" id={contactId} />
      </Tabs.Panel>
      <Tabs.Panel value="consent">
        <ConsentTab contact={contact} />
      </Tabs.Panel>
    </Tabs>
  );
}
