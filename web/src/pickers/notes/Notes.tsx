/** Notes about a contact or a company: a place to write on top, then what was written, the newest first. */
import { Button, Card, Center, Group, Stack, Textarea } from '@mantine/core';
import { IconNote } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { ownersQuery } from '../api';
import { notesQuery, useAddNote } from './api';
import { NoteItem } from './NoteItem';
import classes from './notes.module.css';

type Props = {
  about: string;
  /** Where one note is changed and deleted; what is deleted elsewhere than there is gone. */
  at?: string;
};

export function Notes({ about, at = '/notes' }: Props) {
  const { t } = useTranslation('pickers');
  const query = useInfiniteQuery(notesQuery(about));
  const { data: users } = useQuery(ownersQuery);
  const mayEdit = useMay('editor');
  const notes = query.data?.pages.flatMap((page) => page.items) ?? [];
  const authorOf = (id: number | null) => users?.items.find((user) => user.id === id)?.name ?? t('notes.someone');
  return (
    <Stack gap="sm">
      {mayEdit && <Composer about={about} />}
      {query.isPending ? (
        <Card padding={0}>
          <LoadingRows count={3} />
        </Card>
      ) : query.isError ? (
        <Card>
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        </Card>
      ) : notes.length === 0 ? (
        <Card>
          <EmptyView
            icon={<IconNote size={26} stroke={1.6} />}
            title={t('notes.none')}
            description={t('notes.noneText')}
            height={220}
          />
        </Card>
      ) : (
        <ul className={classes.list}>
          {notes.map((note) => (
            <NoteItem
              key={note.id}
              about={about}
              at={at}
              note={note}
              author={authorOf(note.author_id)}
              mayEdit={mayEdit}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <Center>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('notes.more')}
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function Composer({ about }: { about: string }) {
  const { t } = useTranslation('pickers');
  const [text, setText] = useState('');
  const add = useAddNote(about);
  const save = () => {
    if (text.trim() && !add.isPending) add.mutate(text, { onSuccess: () => setText(''), onError: toastError });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <Card padding="sm">
      <Textarea
        aria-label={t('notes.label')}
        placeholder={t('notes.placeholder')}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={14}
        maxLength={20_000}
        px={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <Group justify="flex-end">
        <Button size="xs" disabled={text.trim() === ''} loading={add.isPending} onClick={save}>
          {t('notes.save')}
        </Button>
      </Group>
    </Card>
  );
}
