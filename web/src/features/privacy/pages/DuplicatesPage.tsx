/** Pairs of contacts that may be one person: compare and merge, or say that they are two. */
import { Badge, Box, Button, Card, Group, Loader, MultiSelect, Stack, Text } from '@mantine/core';
import { IconSearch, IconUserCheck, IconWand } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatNumber } from '@/lib/format';
import { fieldsQuery, nameOf } from '@/pickers/api';
import { LinkAnchor } from '@/ui/links';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import { type Pair, pairsQuery, type Scan, type Someone, scanQuery, useDismiss, useScan } from '../api';
import { rulesQuery } from '../merge-api';
import { CleanUpPage } from '../parts/CleanUpPage';
import { MergeDialog } from '../parts/MergeDialog';
import { MergeRulesDialog } from '../parts/MergeRulesDialog';
import { Merges } from '../parts/Merges';
import classes from '../privacy.module.css';

export function DuplicatesPage() {
  const { t } = useTranslation('privacy');
  const query = useInfiniteQuery(pairsQuery);
  const scan = useQuery(scanQuery);
  const start = useScan();
  const client = useQueryClient();
  const [compared, setCompared] = useState<Pair | null>(null);
  const mayEdit = useMay('editor');
  const mayRule = useMay('admin');
  const rules = useQuery(rulesQuery);
  const [isRuling, setRuling] = useState(false);
  const isRunning = scan.data?.is_running ?? false;
  const pairs = query.data?.pages.flatMap((page) => page.items) ?? [];

  // The pairs are complete once the search has ended.
  useEffect(() => {
    if (!isRunning) void client.invalidateQueries({ queryKey: pairsQuery.queryKey });
  }, [isRunning, client]);

  return (
    <CleanUpPage
      kind="duplicates"
      actions={
        mayEdit && (
          <Group gap="xs">
            {mayRule && rules.data && (
              <Button variant="default" leftSection={<IconWand size={16} />} onClick={() => setRuling(true)}>
                {t('rules.open')}
              </Button>
            )}
            <Button
              leftSection={<IconSearch size={16} />}
              loading={start.isPending || isRunning}
              onClick={() => start.mutate({}, { onError: toastError })}
            >
              {t('duplicates.scan')}
            </Button>
          </Group>
        )
      }
    >
      <Stack gap="sm">
        {scan.data && <ScanLine scan={scan.data} mayEdit={mayEdit} />}
        <Card padding={0}>
          {query.isPending ? (
            <LoadingRows count={6} />
          ) : query.isError ? (
            <ErrorView error={query.error} onRetry={() => void query.refetch()} />
          ) : pairs.length === 0 ? (
            <EmptyView
              icon={<IconUserCheck size={26} stroke={1.6} />}
              title={t('duplicates.emptyTitle')}
              description={scan.data?.finished_at ? t('duplicates.emptyText') : t('duplicates.never')}
            />
          ) : (
            <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {pairs.map((pair) => (
                <PairRow
                  key={`${pair.contact.id}-${pair.other.id}`}
                  pair={pair}
                  mayEdit={mayEdit}
                  onCompare={() => setCompared(pair)}
                />
              ))}
            </ul>
          )}
        </Card>
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('duplicates.more')}
          </Button>
        )}
        <Merges mayEdit={mayEdit} />
      </Stack>
      {isRuling && rules.data && <MergeRulesDialog rules={rules.data} onClose={() => setRuling(false)} />}
      {compared && (
        <MergeDialog firstId={compared.contact.id} secondId={compared.other.id} onClose={() => setCompared(null)} />
      )}
    </CleanUpPage>
  );
}

function ScanLine({ scan, mayEdit }: { scan: Scan; mayEdit: boolean }) {
  const { t } = useTranslation('privacy');
  const fields = useQuery(fieldsQuery);
  const choose = useScan();
  return (
    <Group justify="space-between" gap="sm" align="flex-end">
      <Text size="sm" c="dimmed" aria-live="polite">
        {scan.is_running && <Loader size={12} mr={6} aria-hidden />}
        {scan.is_running
          ? t('duplicates.scanning', { number: formatNumber(scan.compared_count) })
          : scan.finished_at
            ? t('duplicates.scanned', { when: formatAgo(scan.finished_at) })
            : t('duplicates.never')}
      </Text>
      {mayEdit && (
        <MultiSelect
          size="xs"
          w={{ base: '100%', xs: 300 }}
          clearable
          label={t('duplicates.compareFields')}
          description={t('duplicates.compareFieldsHint')}
          placeholder={scan.field_ids?.length ? undefined : t('duplicates.birth')}
          data={(fields.data?.items ?? []).map((field) => ({ value: String(field.id), label: field.name }))}
          value={(scan.field_ids ?? []).map(String)}
          onChange={(ids) => choose.mutate({ field_ids: ids.length ? ids.map(Number) : null }, { onError: toastError })}
        />
      )}
    </Group>
  );
}

type PairProps = { pair: Pair; mayEdit: boolean; onCompare: () => void };

function PairRow({ pair, mayEdit, onCompare }: PairProps) {
  const { t } = useTranslation('privacy');
  const dismiss = useDismiss();
  const ids = { contact_id: pair.contact.id, other_id: pair.other.id };
  // The row is gone by the time the list is fresh, so callbacks of its own would not be called.
  const setDismissed = (is_dismissed: boolean) =>
    void dismiss
      .mutateAsync({ ...ids, is_dismissed })
      .then(() => {
        if (is_dismissed) toastUndo(t('duplicates.dismissed'), t('duplicates.undo'), () => setDismissed(false));
      })
      .catch(toastError);
  return (
    <li className={classes.pair}>
      <Box miw={0}>
        <div className={classes.people}>
          <Who person={pair.contact} />
          <Who person={pair.other} />
        </div>
        <Group gap={6} mt={8}>
          <Badge color={pair.score >= 90 ? 'orange' : 'gray'}>{t('duplicates.alike', { score: pair.score })}</Badge>
          {pair.reasons.map((reason) => (
            <Badge key={reason} color="gray" variant="outline">
              {t(`duplicates.reasons.${reason}`)}
            </Badge>
          ))}
        </Group>
      </Box>
      {mayEdit && (
        <Group gap="xs">
          <Button variant="default" size="xs" loading={dismiss.isPending} onClick={() => setDismissed(true)}>
            {t('duplicates.dismiss')}
          </Button>
          <Button size="xs" onClick={onCompare}>
            {t('duplicates.compare')}
          </Button>
        </Group>
      )}
    </li>
  );
}

function Who({ person }: { person: Someone }) {
  const { t } = useTranslation('privacy');
  return (
    <Box miw={0}>
      <LinkAnchor to="/contacts/$id" params={{ id: String(person.id) }} fw={550} size="sm" truncate display="block">
        {nameOf(person)}
      </LinkAnchor>
      <Text size="xs" c="dimmed" truncate>
        {[person.email ?? t('noEmail'), person.phone].filter(Boolean).join(' · ')}
      </Text>
    </Box>
  );
}
