/** All scores. */
import { Badge, Button, Card, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconStar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { useMay } from '@/api/session';
import { formatNumber } from '@/lib/format';
import { scoresQuery } from '@/pickers/scores/api';
import { LinkAnchor } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { useCreateScore } from '../api';

export function ScoresPage() {
  const { t } = useTranslation('scores');
  const query = useQuery(scoresQuery);
  const [isAdding, setAdding] = useState(false);
  const add = useMay('editor') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('new')}
    </Button>
  );
  return (
    <Page width={980}>
      <PageHeader title={t('title')} description={t('hint')} actions={add} />
      <Card padding={0}>
        {query.isPending ? (
          <LoadingRows count={4} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.items.length === 0 ? (
          <EmptyView
            icon={<IconStar size={26} stroke={1.6} />}
            title={t('none')}
            description={t('noneText')}
            actions={add}
          />
        ) : (
          <Table horizontalSpacing="md" verticalSpacing={10} highlightOnHover aria-label={t('title')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('columns.name')}</Table.Th>
                <Table.Th ta="right">{t('columns.rules')}</Table.Th>
                <Table.Th ta="right">{t('columns.contacts')}</Table.Th>
                <Table.Th ta="right" visibleFrom="xs">
                  {t('columns.average')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((score) => (
                <Table.Tr key={score.id}>
                  <Table.Td>
                    <Group gap="xs">
                      <LinkAnchor to="/scores/$id" params={{ id: String(score.id) }} fw={600} size="sm">
                        {score.name}
                      </LinkAnchor>
                      {!score.is_active && (
                        <Badge variant="light" color="gray">
                          {t('off')}
                        </Badge>
                      )}
                    </Group>
                    <Text size="xs" c="dimmed">
                      {score.description}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatNumber(score.rule_count)}
                  </Table.Td>
                  <Table.Td ta="right" className="num">
                    {formatNumber(score.contact_count)}
                  </Table.Td>
                  <Table.Td ta="right" className="num" visibleFrom="xs">
                    {score.average_points === null ? '–' : formatNumber(score.average_points)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t('new')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        {isAdding && <ScoreForm onClose={() => setAdding(false)} />}
      </Modal>
    </Page>
  );
}

function ScoreForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('scores');
  const navigate = useNavigate();
  const create = useCreateScore();
  const form = useForm({
    initialValues: { name: '', description: '' },
    validate: { name: (value) => (value.trim() ? null : t('required')) },
  });
  const submit = (values: typeof form.values) =>
    create.mutate(values, {
      onSuccess: (score) => void navigate({ to: '/scores/$id', params: { id: String(score.id) } }),
      onError: (error) => {
        const fields = error instanceof ApiError ? error.fields : {};
        form.setErrors('name' in fields ? fields : { name: messageOf(error) });
      },
    });
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        <TextInput label={t('name')} required data-autofocus autoComplete="off" {...form.getInputProps('name')} />
        <TextInput label={t('description')} {...form.getInputProps('description')} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
