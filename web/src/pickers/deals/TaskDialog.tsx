/** Something to do about a deal or a contact: new, or changed. */
import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import type { Contact, Named } from '../api';
import { ContactPicker } from '../ContactPicker';
import { UserPicker } from '../UserPicker';
import { type About, type Task, type TaskType, taskTypes, useCreateTask, useUpdateTask } from './api';
import { DealPicker } from './DealPicker';

/** Without knowing what it is about the dialog asks. */
type Props = { about: About; task?: Task | null; opened: boolean; onClose: () => void };

export function TaskDialog(props: Props) {
  const { t } = useTranslation('pickers');
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.task ? t('tasks.change') : t('tasks.new')}
      closeButtonProps={{ 'aria-label': t('deals.close') }}
    >
      {props.opened && <TaskForm {...props} />}
    </Modal>
  );
}

/** Tomorrow at nine, in the way that inputs of this kind write it. */
function tomorrow(): string {
  const day = new Date();
  day.setDate(day.getDate() + 1);
  day.setHours(9, 0, 0, 0);
  return local(day);
}

function local(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function TaskForm({ about, task, onClose }: Props) {
  const { t } = useTranslation('pickers');
  const create = useCreateTask();
  const update = useUpdateTask();
  const isAsked = !task && about.deal_id === undefined && about.contact_id === undefined;
  const form = useForm({
    initialValues: {
      title: task?.title ?? '',
      type: task?.type ?? ('call' as TaskType),
      due_at: task ? local(new Date(task.due_at)) : tomorrow(),
      assignee_id: task?.assignee_id ?? (null as number | null),
      note: task?.note ?? '',
      deal: null as Named | null,
      contact: null as Contact | null,
    },
    validate: {
      title: (value) => (value.trim() ? null : t('deals.required')),
      due_at: (value) => (value ? null : t('deals.required')),
      deal: (value, all) => (!isAsked || value || all.contact ? null : t('tasks.aboutNeeded')),
    },
  });
  const answers = {
    onSuccess: onClose,
    onError: (error: unknown) => {
      const fields = error instanceof ApiError ? error.fields : {};
      form.setErrors(Object.keys(fields).some((name) => name in form.values) ? fields : { title: messageOf(error) });
    },
  };
  const submit = ({ deal, contact, ...values }: typeof form.values) => {
    const chosen = isAsked ? { deal_id: deal?.id, contact_id: contact?.id } : about;
    const body = { ...values, due_at: new Date(values.due_at).toISOString() };
    if (task) update.mutate({ id: task.id, ...body }, answers);
    else create.mutate({ ...chosen, ...body }, answers);
  };
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput
          label={t('tasks.title')}
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('title')}
        />
        <div>
          <Text component="div" size="sm" fw={500} mb={4}>
            {t('tasks.type')}
          </Text>
          <SegmentedControl
            fullWidth
            aria-label={t('tasks.type')}
            data={taskTypes.map((value) => ({ value, label: t(`tasks.types.${value}`) }))}
            {...form.getInputProps('type')}
          />
        </div>
        {isAsked && (
          <Group grow align="flex-start">
            <DealPicker
              label={t('tasks.deal')}
              value={form.values.deal}
              error={form.errors.deal}
              onChange={(deal) => form.setFieldValue('deal', deal)}
            />
            <ContactPicker
              label={t('contact.label')}
              value={form.values.contact}
              onChange={(contact) => form.setFieldValue('contact', contact)}
            />
          </Group>
        )}
        <Group grow align="flex-start">
          <TextInput type="datetime-local" label={t('tasks.due')} required {...form.getInputProps('due_at')} />
          <UserPicker
            label={t('tasks.assignee')}
            value={form.values.assignee_id}
            onChange={(id) => form.setFieldValue('assignee_id', id)}
          />
        </Group>
        <Textarea label={t('tasks.note')} autosize minRows={2} maxRows={8} {...form.getInputProps('note')} />
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('deals.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || update.isPending}>
            {task ? t('tasks.save') : t('tasks.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
