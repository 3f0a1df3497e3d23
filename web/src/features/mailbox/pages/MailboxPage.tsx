/** Mail the built-in server received, beside the one that is read. */
import { Box, Button, Center, Group, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconInbox, IconMail, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkButton } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Mail, mailboxQuery, useEmptyMailbox } from '../api';
import classes from '../mailbox.module.css';
import { recipients } from '../model';
import { ReadingPane } from '../parts/ReadingPane';

export function MailboxPage() {
  const { t } = useTranslation('mailbox');
  const { id } = useSearch({ from: '/_app/mailbox' });
  const query = useInfiniteQuery(mailboxQuery);
  const mails = query.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = id ?? null;

  return (
    <div className={classes.page}>
      <Head hasMail={mails.length > 0} />
      {query.isPending ? (
        <LoadingRows />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : mails.length === 0 ? (
        <div className={`card ${classes.empty}`}>
          <EmptyView
            icon={<IconInbox size={26} stroke={1.6} />}
            title={t('empty.title')}
            description={t('empty.text')}
          />
        </div>
      ) : (
        <div className={`card ${classes.split}`} data-reading={shown !== null || undefined}>
          <nav className={classes.list} aria-label={t('list')}>
            {mails.map((mail) => (
              <Row key={mail.id} mail={mail} isShown={mail.id === shown} />
            ))}
            {query.hasNextPage && (
              <Center p="sm">
                <Button
                  variant="default"
                  size="xs"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('more')}
                </Button>
              </Center>
            )}
          </nav>
          <section className={classes.reading} aria-label={t('reading')}>
            {shown === null ? (
              <EmptyView icon={<IconMail size={26} stroke={1.6} />} title={t('choose')} />
            ) : (
              <>
                <LinkButton
                  hiddenFrom="sm"
                  to="/mailbox"
                  search={{}}
                  variant="subtle"
                  color="gray"
                  leftSection={<IconArrowLeft size={16} />}
                >
                  {t('back')}
                </LinkButton>
                <ReadingPane key={shown} id={shown} />
              </>
            )}
          </section>
        </div>
      )}
    </div>
  );
}

function Row({ mail, isShown }: { mail: Mail; isShown: boolean }) {
  const { t } = useTranslation('mailbox');
  return (
    <Link
      to="/mailbox"
      search={{ id: mail.id }}
      className={classes.row}
      data-shown={isShown || undefined}
      aria-current={isShown ? 'true' : undefined}
      activeProps={{}}
    >
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={550} truncate>
          {recipients(mail.rcpt_to)}
        </Text>
        <Text size="xs" c="dimmed" className="num" style={{ whiteSpace: 'nowrap' }}>
          {formatAgo(mail.received_at)}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" truncate>
        {mail.subject || t('noSubject')}
      </Text>
    </Link>
  );
}

function Head({ hasMail }: { hasMail: boolean }) {
  const { t } = useTranslation('mailbox');
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const empty = useEmptyMailbox();
  const mayEdit = useMay('editor');
  const confirm = () =>
    empty.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        void navigate({ to: '/mailbox', search: {} });
      },
      onError: toastError,
    });
  return (
    <Group justify="space-between" align="flex-end" pb="md">
      <Box>
        <Title order={1}>{t('title')}</Title>
        <Text c="dimmed">{t('subtitle')}</Text>
      </Box>
      {hasMail && mayEdit && (
        <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
          {t('clear.button')}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('clear.title')}
        action={t('clear.button')}
        loading={empty.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('clear.text')}
      </ConfirmDialog>
    </Group>
  );
}
