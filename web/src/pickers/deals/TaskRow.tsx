/** One task: a box to tick, what it is about and when it is due; a ticked one can be taken back. */
import { ActionIcon, Badge, Checkbox, Group, Menu, Text, Tooltip } from '@mantine/core';
import {
  IconCheckbox,
  IconDots,
  IconMail,
  IconPencil,
  IconPhone,
  IconTrash,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatMoment } from '@/lib/format';
import { LinkAnchor } from '@/ui/links';
import { toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { type Task, type TaskType, useDeleteTask, useUpdateTask } from './api';
import classes from './deals.module.css';

export const taskIcons: Record<TaskType, TablerIcon> = {
  call: IconPhone,
  email: IconMail,
  meeting: IconUsers,
  to_do: IconCheckbox,
};

/** Whether the moment has passed. */
export const isOver = (iso: string) => new Date(iso).getTime() < Date.now();

type Props = { task: Task; mayEdit: boolean; hasLinks?: boolean; onEdit: () => void };

export function TaskRow({ task, mayEdit, hasLinks, onEdit }: Props) {
  const { t } = useTranslation('pickers');
  const update = useUpdateTask();
  const remove = useDeleteTask();
  const Icon = taskIcons[task.type];
  const isDone = task.done_at !== null;
  const isLate = !isDone && isOver(task.due_at);
  // The box shows at once what was asked for.
  const [asked, setAsked] = useState<boolean | null>(null);
  const set = (is_done: boolean) => {
    setAsked(is_done);
    // The row may be gone by the time of the answer, and callbacks of a gone one would not be called.
    void update
      .mutateAsync({ id: task.id, is_done })
      .then(() => {
        if (is_done) toastUndo(t('tasks.doneToast', { title: task.title }), t('tasks.undo'), () => set(false));
      })
      .catch(toastError)
      .finally(() => setAsked(null));
  };
  return (
    <li className={classes.task} data-done={isDone || undefined}>
      <Checkbox
        mt={2}
        aria-label={t('tasks.tick', { title: task.title })}
        checked={asked ?? isDone}
        disabled={!mayEdit || update.isPending}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      <div className={classes.taskText}>
        <Text size="sm" fw={550} className={classes.taskTitle}>
          {task.title}
        </Text>
        <Group gap={6}>
          <Badge variant="light" color="gray" leftSection={<Icon size={12} />}>
            {t(`tasks.types.${task.type}`)}
          </Badge>
          <Tooltip label={formatMoment(task.done_at ?? task.due_at)}>
            <Text
              component="time"
              size="xs"
              c={isLate ? undefined : 'dimmed'}
              className={isLate ? classes.late : undefined}
            >
              {isDone
                ? t('tasks.doneAt', { when: formatAgo(task.done_at ?? task.due_at) })
                : t(isLate ? 'tasks.late' : 'tasks.dueAt', { when: formatAgo(task.due_at) })}
            </Text>
          </Tooltip>
          {task.assignee_name && (
            <Text size="xs" c="dimmed">
              {task.assignee_name}
            </Text>
          )}
          {hasLinks && <TaskLinks task={task} />}
        </Group>
        {(task.outcome || task.note) && (
          <Text size="xs" c="dimmed" mt={4} className={classes.taskNote}>
            {task.outcome || task.note}
          </Text>
        )}
      </div>
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon size="sm" aria-label={t('tasks.actions', { title: task.title })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
              {t('tasks.change')}
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={15} />}
              onClick={() => remove.mutate(task.id, { onError: toastError })}
            >
              {t('tasks.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function TaskLinks({ task }: { task: Task }) {
  return (
    <>
      {task.deal_id !== null && (
        <LinkAnchor size="xs" to="/deals/$id" params={{ id: String(task.deal_id) }}>
          {task.deal_title}
        </LinkAnchor>
      )}
      {task.contact_id !== null && (
        <LinkAnchor size="xs" to="/contacts/$id" params={{ id: String(task.contact_id) }}>
          {task.contact_name}
        </LinkAnchor>
      )}
    </>
  );
}
