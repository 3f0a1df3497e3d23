/** What is exported again and again. */
import { ActionIcon, Card, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '@/lib/format';
import { toast, toastError } from '@/ui/toast';
import { type Schedule, useDeleteSchedule, useSwitchSchedule } from '../api';

export function Schedules({ items, mayEdit }: { items: Schedule[]; mayEdit: boolean }) {
  const { t } = useTranslation('exports');
  const toggle = useSwitchSchedule();
  const remove = useDeleteSchedule();
  if (items.length === 0) return null;
  const when = ({ weekday, at_time }: Schedule) =>
    weekday === null
      ? t('schedules.everyDay', { time: at_time })
      : t('schedules.everyWeek', { day: t(`weekdays.${weekday as 1}`), time: at_time });
  return (
    <Stack gap="xs" mt="xl">
      <Title order={2} fz="h3">
        {t('schedules.title')}
      </Title>
      {items.map((item) => (
        <Card key={item.id} py="sm">
          <Group justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text fw={550} size="sm" truncate>
                {item.name}
              </Text>
              <Text size="xs" c="dimmed">
                {when(item)} · {item.format.toUpperCase()} · {t('schedules.kept', { count: item.kept })}
                {item.is_active && ` · ${t('schedules.next')} ${formatDate(item.next_at)}`}
              </Text>
            </div>
            {mayEdit && (
              <Group gap="xs" wrap="nowrap">
                <Switch
                  aria-label={t('schedules.on', { name: item.name })}
                  checked={item.is_active}
                  onChange={(event) =>
                    toggle.mutate({ id: item.id, isActive: event.currentTarget.checked }, { onError: toastError })
                  }
                />
                <ActionIcon
                  variant="subtle"
                  aria-label={t('schedules.delete', { name: item.name })}
                  onClick={() =>
                    remove.mutate(item.id, { onSuccess: () => toast(t('schedules.deleted')), onError: toastError })
                  }
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            )}
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
