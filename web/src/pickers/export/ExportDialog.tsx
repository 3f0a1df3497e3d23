/** Choose a format and columns, once or again and again; the file is made in the background. */
import {
  Alert,
  Button,
  Group,
  Modal,
  MultiSelect,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { type ExportFormat, exportColumnsQuery, type Selection, useAddSchedule, useBeginExport } from './api';

type Props = {
  opened: boolean;
  onClose: () => void;
  selection: Selection;
  /** How many it will be, in words. */
  summary?: string;
  /** What the schedule is called unless another name is given. */
  name?: string;
};

export function ExportDialog({ opened, onClose, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  return (
    <Modal opened={opened} onClose={onClose} title={t('export.title')} size="md">
      {opened && <ExportForm onClose={onClose} {...rest} />}
    </Modal>
  );
}

const NONE: { name: string; label: string }[] = [];

function ExportForm({ onClose, selection, summary, name = '' }: Omit<Props, 'opened'>) {
  const { t } = useTranslation('pickers');
  const navigate = useNavigate();
  const known = useQuery(exportColumnsQuery).data?.items ?? NONE;
  const [columns, setColumns] = useState<string[] | null>(null);
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [isRepeated, setRepeated] = useState(false);
  const [title, setTitle] = useState(name);
  const [weekday, setWeekday] = useState<string>('');
  const [time, setTime] = useState('06:00');
  const begin = useBeginExport();
  const schedule = useAddSchedule();
  const chosen = columns ?? known.map((column) => column.name);
  const days = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: t(`export.weekdays.${day as 1}`) }));

  const done = (message: string) => {
    toast(message);
    onClose();
    void navigate({ to: '/exports' });
  };
  const start = () => {
    const wanted = { selection, columns: chosen, format };
    if (!isRepeated) {
      begin.mutate(wanted, { onSuccess: () => done(t('export.begun')), onError: toastError });
      return;
    }
    schedule.mutate(
      { ...wanted, name: title, weekday: weekday ? Number(weekday) : null, at_time: time, kept: 5 },
      { onSuccess: () => done(t('export.scheduled')), onError: toastError },
    );
  };

  return (
    <Stack gap="md">
      {summary && (
        <Alert variant="light" icon={<IconFileDownload size={18} />}>
          {summary}
        </Alert>
      )}
      <SegmentedControl
        aria-label={t('export.format')}
        value={format}
        onChange={(value) => setFormat(value as ExportFormat)}
        data={[
          { value: 'csv', label: t('export.csv') },
          { value: 'xlsx', label: t('export.xlsx') },
        ]}
      />
      <MultiSelect
        label={t('export.columns')}
        description={t('export.columnsHint')}
        data={known.map((column) => ({ value: column.name, label: column.label }))}
        value={chosen}
        onChange={setColumns}
        searchable
        clearable
        hidePickedOptions
        maxDropdownHeight={220}
      />
      <Switch
        label={t('export.repeat')}
        checked={isRepeated}
        onChange={(event) => setRepeated(event.currentTarget.checked)}
      />
      {isRepeated && (
        <Stack gap="sm">
          <TextInput
            label={t('export.name')}
            required
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Group grow>
            <Select
              label={t('export.day')}
              data={[{ value: '', label: t('export.everyDay') }, ...days]}
              value={weekday}
              onChange={(value) => setWeekday(value ?? '')}
              allowDeselect={false}
            />
            <TextInput
              label={t('export.time')}
              type="time"
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
            />
          </Group>
        </Stack>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('export.cancel')}
        </Button>
        <Button
          loading={begin.isPending || schedule.isPending}
          disabled={chosen.length === 0 || (isRepeated && !title.trim())}
          onClick={start}
        >
          {isRepeated ? t('export.saveSchedule') : t('export.start')}
        </Button>
      </Group>
    </Stack>
  );
}
