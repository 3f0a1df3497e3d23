/** The steps after the mapping: the check's outcome, and the result. */
import { Alert, Anchor, Button, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconUpload, IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { formatNumber } from '@/lib/format';
import { LinkButton } from '@/ui/links';
import { errorsUrl, type Import, type RowProblem, useStart } from '../api';
import { Counts } from './Counts';
import { UndoButton } from './Undo';

export function CheckedStep({ item, onBack }: { item: Import; onBack: () => void }) {
  const { t } = useTranslation('imports');
  const start = useStart(item.id);
  const { created, updated, unchanged, skipped, failed } = item.progress;
  return (
    <Stack gap="md">
      <Card>
        <Title order={2} size="h4">
          {t('checked.title')}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {t('checked.text')}
        </Text>
        <Counts progress={item.progress} />
        <ErrorFile item={item} />
        {item.problems.length > 0 && <Problems problems={item.problems} />}
      </Card>
      {start.isError && (
        <Alert color="red" icon={<IconAlertTriangle size={18} />} py="xs" role="alert">
          {messageOf(start.error)}
        </Alert>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t('checked.back')}
        </Button>
        <Button
          loading={start.isPending}
          disabled={created + updated + unchanged + skipped + failed === 0}
          onClick={() => start.mutate()}
        >
          {t('checked.start', { number: formatNumber(created + updated + unchanged) })}
        </Button>
      </Group>
    </Stack>
  );
}

export function DoneStep({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  return (
    <Stack gap="md">
      <Card>
        <Title order={2} size="h4" mb="md">
          {t('done.title', { number: formatNumber(item.progress.rows_done) })}
        </Title>
        <Counts progress={item.progress} />
        <ErrorFile item={item} />
      </Card>
      <Group>
        <LinkButton to="/contacts" leftSection={<IconUsers size={16} />}>
          {t('done.contacts')}
        </LinkButton>
        <LinkButton variant="default" to="/imports/new" leftSection={<IconUpload size={16} />}>
          {t('done.again')}
        </LinkButton>
        <UndoButton item={item} />
      </Group>
    </Stack>
  );
}

export function FailedStep({ item, onBack }: { item: Import; onBack: () => void }) {
  const { t } = useTranslation('imports');
  return (
    <Stack gap="md">
      <Alert
        color={item.state === 'cancelled' ? 'gray' : 'red'}
        icon={<IconAlertTriangle size={18} />}
        role="alert"
        title={t(item.state === 'cancelled' ? 'failed.cancelled' : 'failed.failed')}
      >
        {item.error ?? t(item.state === 'cancelled' ? 'failed.cancelledText' : 'failed.unknown')}
      </Alert>
      {item.progress.rows_done > 0 && (
        <Card>
          <Counts progress={item.progress} />
          <ErrorFile item={item} />
        </Card>
      )}
      <Group>
        {item.state === 'failed' && item.progress.rows_done === 0 && (
          <Button variant="default" onClick={onBack}>
            {t('checked.back')}
          </Button>
        )}
        <LinkButton variant="default" to="/imports/new" leftSection={<IconUpload size={16} />}>
          {t('done.again')}
        </LinkButton>
        <UndoButton item={item} />
      </Group>
    </Stack>
  );
}

/** The first lines something is wrong with. */
function Problems({ problems }: { problems: RowProblem[] }) {
  const { t } = useTranslation('imports');
  return (
    <Table mt="md" verticalSpacing={6} horizontalSpacing="xs" aria-label={t('problemList.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={70}>{t('problemList.line')}</Table.Th>
          <Table.Th w={130}>{t('problemList.outcome')}</Table.Th>
          <Table.Th>{t('problemList.reason')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {problems.slice(0, 10).map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line may have several problems, and they never move
          <Table.Tr key={index}>
            <Table.Td className="num">{problem.line}</Table.Td>
            <Table.Td>{t(`problemList.${problem.outcome}`)}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{problem.message}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ErrorFile({ item }: { item: Import }) {
  const { t } = useTranslation('imports');
  const count = item.progress.skipped + item.progress.failed;
  if (count === 0) return null;
  return (
    <Group gap="xs" mt="md">
      <IconDownload size={16} aria-hidden />
      <Anchor href={errorsUrl(item.id)} download size="sm" underline="always">
        {t('errors', { count, number: formatNumber(count) })}
      </Anchor>
    </Group>
  );
}
