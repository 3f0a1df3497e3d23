/** One note; it is changed in place, and deleting it can be taken back for a moment. */
import { ActionIcon, Avatar, Button, Card, Group, Menu, Text, Textarea, Tooltip } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { toast, toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { type Note, useChangeNote, useDeleteNote, useRestoreNote } from './api';
import classes from './notes.module.css';

type Props = { about: string; at: string; note: Note; author: string; mayEdit: boolean };

export function NoteItem({ about, at, note, author, mayEdit }: Props) {
  const { t } = useTranslation('pickers');
  const [draft, setDraft] = useState<string | null>(null);
  const remove = useDeleteNote(about, at);
  const restore = useRestoreNote(about);
  const drop = () =>
    remove.mutate(note.id, {
      onSuccess: () => {
        if (at !== '/notes') toast(t('notes.deleted'));
        else toastUndo(t('notes.deleted'), t('notes.undo'), () => restore.mutate(note.id, { onError: toastError }));
      },
      onError: toastError,
    });
  return (
    <Card component="li" padding="md">
      <Group gap="xs" wrap="nowrap" mb={6}>
        <Avatar size={24} name={author} color="initials" aria-hidden />
        <Text size="sm" fw={600} truncate>
          {author}
        </Text>
        <Tooltip label={formatMoment(note.created_at)}>
          <Text component="time" dateTime={note.created_at} size="xs" c="dimmed" className="num" flex={1} truncate>
            {formatAgo(note.created_at)}
            {note.updated_at !== note.created_at && ` · ${t('notes.edited')}`}
          </Text>
        </Tooltip>
        {mayEdit && draft === null && (
          <Menu>
            <Menu.Target>
              <ActionIcon size="sm" aria-label={t('notes.actions')}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setDraft(note.body)}>
                {t('notes.edit')}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={drop}>
                {t('notes.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {draft === null ? (
        <Text size="sm" className={classes.body}>
          {note.body}
        </Text>
      ) : (
        <Editor about={about} at={at} note={note} draft={draft} onDraft={setDraft} />
      )}
    </Card>
  );
}

type EditorProps = { about: string; at: string; note: Note; draft: string; onDraft: (draft: string | null) => void };

function Editor({ about, at, note, draft, onDraft }: EditorProps) {
  const { t } = useTranslation('pickers');
  const change = useChangeNote(about, at);
  const close = () => onDraft(null);
  const save = () => {
    if (draft.trim()) change.mutate({ id: note.id, body: draft }, { onSuccess: close, onError: toastError });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <>
      <Textarea
        aria-label={t('notes.edit')}
        autosize
        minRows={2}
        maxRows={14}
        maxLength={20_000}
        autoFocus
        value={draft}
        onChange={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={close}>
          {t('notes.cancel')}
        </Button>
        <Button size="xs" disabled={draft.trim() === ''} loading={change.isPending} onClick={save}>
          {t('notes.change')}
        </Button>
      </Group>
    </>
  );
}
