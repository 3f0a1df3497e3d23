/** Tasks of all deals and contacts: what is late, due today, coming, and done. */
import { Button, Card, Center, Group, SegmentedControl, Stack, Title } from '@mantine/core';
import { IconChecklist, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import type { Task } from '@/pickers/deals/api';
import classes from '@/pickers/deals/deals.module.css';
import { TaskDialog } from '@/pickers/deals/TaskDialog';
import { TaskRow } from '@/pickers/deals/TaskRow';
import { UserPicker } from '@/pickers/UserPicker';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { tasksQuery } from '../api';

const spans = ['late', 'today', 'coming'] as const;
type Span = (typeof spans)[number];

/** Where a task stands, by the clock of who looks. */
function spanOf(task: Task): Span {
  const due = new Date(task.due_at);
  if (due.getTime() < Date.now()) return 'late';
  return due.toDateString() === new Date().toDateString() ? 'today' : 'coming';
}

export function TasksPage() {
  const { t } = useTranslation('deals');
  const { view = 'open', owner } = useSearch({ from: '/_app/tasks' });
  const navigate = useNavigate({ from: '/tasks' });
  const isDone = view === 'done';
  const query = useInfiniteQuery(tasksQuery({ is_done: isDone, assignee_id: owner }));
  const [editing, setEditing] = useState<Task | 'new' | null>(null);
  const mayEdit = useMay('editor');
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  const groups = isDone
    ? [{ id: 'done' as const, items: tasks }]
    : spans.map((id) => ({ id, items: tasks.filter((task) => spanOf(task) === id) }));
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('tasks.new')}
    </Button>
  );
  return (
    <Page width={860}>
      <PageHeader title={t('tasks.heading')} description={t('tasks.hint')} actions={add} />
      <Group mb="md">
        <SegmentedControl
          aria-label={t('tasks.which')}
          data={(['open', 'done'] as const).map((value) => ({ value, label: t(`tasks.${value}`) }))}
          value={view}
          onChange={(value) =>
            void navigate({
              search: (old) => ({ ...old, view: value === 'done' ? ('done' as const) : undefined }),
              replace: true,
            })
          }
        />
        <UserPicker
          w={200}
          aria-label={t('tasks.assignee')}
          placeholder={t('tasks.anybody')}
          value={owner ?? null}
          onChange={(id) => void navigate({ search: (old) => ({ ...old, owner: id ?? undefined }), replace: true })}
        />
      </Group>
      {query.isPending ? (
        <LoadingRows count={6} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : tasks.length === 0 ? (
        <Card>
          <EmptyView
            icon={<IconChecklist size={26} stroke={1.6} />}
            title={t(isDone ? 'tasks.noneDone' : 'tasks.noneOpen')}
            description={t('tasks.noneText')}
            actions={!isDone && add}
          />
        </Card>
      ) : (
        <Stack gap="md">
          {groups
            .filter((group) => group.items.length > 0)
            .map((group) => (
              <Card key={group.id} padding="md">
                <Title order={2} size="h4" mb={4}>
                  {t(`tasks.${group.id}`)}
                </Title>
                <ul className={classes.tasks}>
                  {group.items.map((task) => (
                    <TaskRow key={task.id} task={task} mayEdit={mayEdit} hasLinks onEdit={() => setEditing(task)} />
                  ))}
                </ul>
              </Card>
            ))}
        </Stack>
      )}
      {query.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('tasks.more')}
          </Button>
        </Center>
      )}
      <TaskDialog
        about={{}}
        task={editing === 'new' ? null : editing}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      />
    </Page>
  );
}
