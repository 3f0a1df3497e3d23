/** One record: its values edited in place, and what it belongs to. */
import { ActionIcon, Box, Card, Group, Menu, Skeleton, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconCubeOff, IconDots, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { useMay } from '@/api/session';
import { formatDate } from '@/lib/format';
import { EditableValue, Fact } from '@/pickers/EditableValue';
import { type ObjectRecord, recordTitle, type Schema } from '@/pickers/records/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { recordQuery, schemaQuery, useDeleteRecord, useUpdateRecord } from '../api';
import classes from '../objects.module.css';
import { BelongsTo } from '../parts/BelongsTo';

export function RecordPage() {
  const { t } = useTranslation('objects');
  const { id, record: recordId } = useParams({ from: '/_app/objects/$id/records/$record' });
  const schema = useQuery(schemaQuery(Number(id)));
  const record = useQuery(recordQuery(Number(recordId)));
  const error = schema.error ?? record.error;
  if (isStatus(error, 404) || isStatus(error, 422)) {
    return (
      <EmptyView
        isPage
        icon={<IconCubeOff size={26} stroke={1.6} />}
        title={t('records.gone')}
        description={t('goneText')}
        actions={<LinkButton to="/objects">{t('back')}</LinkButton>}
      />
    );
  }
  if (error) return <ErrorView error={error} onRetry={() => void record.refetch()} height={520} />;
  if (!schema.data || !record.data) {
    return (
      <Page>
        <Skeleton h={52} w={280} mb="lg" />
        <LoadingRows count={8} />
      </Page>
    );
  }
  return (
    <Page>
      <Head record={record.data} schema={schema.data} />
      <div className={classes.two}>
        <Values record={record.data} schema={schema.data} />
        <BelongsTo record={record.data} schema={schema.data} />
      </div>
    </Page>
  );
}

type Props = { record: ObjectRecord; schema: Schema };

function Values({ record, schema }: Props) {
  const { t } = useTranslation('objects');
  const update = useUpdateRecord(record.id);
  const mayEdit = useMay('editor');
  return (
    <Card component="section" padding="md" aria-label={t('records.values')}>
      <Title order={2} size="h4" mb="xs">
        {t('records.values')}
      </Title>
      <dl className={classes.facts}>
        {schema.fields.map((field) => (
          <Fact key={field.id} label={field.name}>
            <EditableValue
              label={field.name}
              type={field.type}
              options={field.options}
              value={record.fields[field.id]}
              isReadOnly={!mayEdit}
              onSave={(value) => update.mutate({ fields: { [field.id]: value } }, { onError: toastError })}
            />
          </Fact>
        ))}
        <Fact label={t('records.externalId')}>
          <span className={classes.plain}>{record.external_id ?? '–'}</span>
        </Fact>
        <Fact label={t('records.created')}>
          <span className={classes.plain}>{formatDate(record.created_at)}</span>
        </Fact>
        <Fact label={t('records.updated')}>
          <span className={classes.plain}>{formatDate(record.updated_at)}</span>
        </Fact>
      </dl>
    </Card>
  );
}

function Head({ record, schema }: Props) {
  const { t } = useTranslation('objects');
  const navigate = useNavigate();
  const remove = useDeleteRecord();
  const [isAsking, setAsking] = useState(false);
  const mayEdit = useMay('editor');
  const name = recordTitle(record, schema);
  const params = { id: String(schema.id) };
  const confirm = () =>
    remove.mutate(record.id, {
      onSuccess: () => {
        toast(t('deleted', { name }));
        void navigate({ to: '/objects/$id', params });
      },
      onError: toastError,
    });
  return (
    <Group mb="lg" gap="md" wrap="nowrap">
      <LinkAction to="/objects/$id" params={params} aria-label={t('records.back', { name: schema.plural })}>
        <IconArrowLeft size={18} />
      </LinkAction>
      <Box flex={1} miw={0}>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        <Text size="sm" c="dimmed">
          {schema.singular}
        </Text>
      </Box>
      {mayEdit && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={t('records.actions')} variant="default" size={34}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
              {t('records.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('deleteTitle', { name })}
        action={t('records.delete')}
        loading={remove.isPending}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t('records.deleteText')}
      </ConfirmDialog>
    </Group>
  );
}
