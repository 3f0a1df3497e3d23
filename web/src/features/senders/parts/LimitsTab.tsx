/** Limits with how much of them is used, and the rules about when and how often. */
import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconGauge, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatDate, formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Limit, limitsQuery, sendersQuery, serversQuery, useSaveLimit } from '../api';
import { nameOf, shareOf } from '../model';
import classes from '../senders.module.css';
import { LimitDialog } from './LimitDialog';
import { RowActions } from './RowActions';
import { RuleForm } from './RuleForm';

export function LimitsTab() {
  const { t } = useTranslation('senders');
  const query = useQuery(limitsQuery);
  const [edited, setEdited] = useState<Limit | 'new' | null>(null);
  const [deleted, setDeleted] = useState<Limit | null>(null);
  const save = useSaveLimit();
  const mayChange = useMay('admin');
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
      {t('limits.add')}
    </Button>
  );
  const drop = ({ scope, key }: Limit) =>
    save.mutate(
      { scope, key, per_second: null, per_hour: null, per_day: null, warm_up: null },
      { onError: toastError, onSettled: () => setDeleted(null) },
    );
  return (
    <Stack gap="lg">
      <Card component="section" aria-label={t('limits.title')}>
        <Group justify="space-between" mb="md" gap="sm" align="flex-start">
          <div>
            <Title order={2} size="h3">
              {t('limits.title')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('limits.text')}
            </Text>
          </div>
          {query.data && query.data.items.length > 0 && add}
        </Group>
        {query.isPending ? (
          <LoadingRows count={3} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} height={200} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconGauge size={26} stroke={1.6} />}
            title={t('limits.none')}
            description={t('limits.noneText')}
            actions={add}
            height={220}
          />
        ) : (
          <ul className={classes.checks}>
            {query.data.items.map((limit) => (
              <LimitRow
                key={`${limit.scope}-${limit.key}`}
                limit={limit}
                onEdit={mayChange ? () => setEdited(limit) : null}
                onDelete={() => setDeleted(limit)}
              />
            ))}
          </ul>
        )}
      </Card>
      <RuleForm />
      {edited && <LimitDialog limit={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        opened={deleted !== null}
        title={t('limits.deleteTitle')}
        action={t('delete')}
        loading={save.isPending}
        onClose={() => setDeleted(null)}
        onConfirm={() => deleted && drop(deleted)}
      >
        {t('limits.deleteText')}
      </ConfirmDialog>
    </Stack>
  );
}

type RowProps = { limit: Limit; onEdit: (() => void) | null; onDelete: () => void };

function LimitRow({ limit, onEdit, onDelete }: RowProps) {
  const { t } = useTranslation('senders');
  const mayChange = onEdit !== null;
  const senders = useQuery(sendersQuery).data?.items ?? [];
  const servers = useQuery({ ...serversQuery, enabled: limit.scope === 'relay' && mayChange });
  const thing = nameOf(limit.scope, limit.key, senders, servers.data?.items ?? []);
  const name =
    limit.scope === 'workspace'
      ? t('limits.everything')
      : limit.key === '*'
        ? t('limits.anyDomain')
        : (thing ?? (mayChange ? t('limits.gone') : t(`limits.scopes.${limit.scope}`)));
  const share = shareOf(limit);
  const warm = limit.warm_up;
  const words = [
    limit.per_second !== null && t('limits.perSecondOf', { figure: formatNumber(limit.per_second) }),
    limit.per_hour !== null && t('limits.perHourOf', { figure: formatNumber(limit.per_hour) }),
    limit.per_day !== null && t('limits.perDayOf', { figure: formatNumber(limit.per_day) }),
    warm &&
      (limit.allowed_today === null
        ? t('limits.warmUpOver')
        : t('limits.warmUpOf', { date: formatDate(warm.starts_on), figure: formatNumber(limit.allowed_today) })),
  ].filter(Boolean);
  const today =
    limit.allowed_today !== null &&
    t('limits.today', { used: formatNumber(limit.used_today), allowed: formatNumber(limit.allowed_today) });
  return (
    <li className={classes.check}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {words.join(' · ')}
          </Text>
        </div>
        <Group gap="md" wrap="nowrap">
          {share !== null && today && (
            <Stack gap={4} w={150} visibleFrom="sm">
              <Text size="xs" c="dimmed" className="num" ta="right">
                {today}
              </Text>
              <Progress value={share} size="sm" aria-label={today} />
            </Stack>
          )}
          {onEdit && (
            <RowActions
              name={name}
              actions={[
                { label: t('edit'), icon: <IconPencil size={16} />, onClick: onEdit },
                { label: t('delete'), icon: <IconTrash size={16} />, onClick: onDelete, isDangerous: true },
              ]}
            />
          )}
        </Group>
      </Group>
    </li>
  );
}
