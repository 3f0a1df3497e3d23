/** What is to be done about a deal or a contact, and what was. */
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type About, type Task, tasksOfQuery } from './api';
import classes from './deals.module.css';
import { TaskDialog } from './TaskDialog';
import { TaskRow } from './TaskRow';

export function TaskList({ about }: { about: About }) {
  const { t } = useTranslation('pickers');
  const open = useQuery(tasksOfQuery(about, false));
  const done = useQuery(tasksOfQuery(about, true));
  const [editing, setEditing] = useState<Task | 'new' | null>(null);
  const mayEdit = useMay('editor');
  if (open.isPending) return <LoadingRows count={3} />;
  if (open.isError) return <ErrorView error={open.error} onRetry={() => void open.refetch()} />;
  const past = done.data?.items ?? [];
  const row = (task: Task) => <TaskRow key={task.id} task={task} mayEdit={mayEdit} onEdit={() => setEditing(task)} />;
  return (
    <Card padding="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('tasks.heading')}
        </Title>
        {mayEdit && (
          <Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
            {t('tasks.add')}
          </Button>
        )}
      </Group>
      {open.data.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('tasks.none')}
        </Text>
      )}
      <Stack gap="sm">
        {open.data.items.length > 0 && <ul className={classes.tasks}>{open.data.items.map(row)}</ul>}
        {past.length > 0 && (
          <details>
            <summary className={classes.summary}>{t('tasks.done', { count: past.length })}</summary>
            <ul className={classes.tasks}>{past.map(row)}</ul>
          </details>
        )}
      </Stack>
      <TaskDialog
        about={about}
        task={editing === 'new' ? null : editing}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      />
    </Card>
  );
}
