/** Pipelines and their stages, and the custom fields of deals. */
import { ActionIcon, Button, Card, Group, Menu, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconArrowLeft, IconDots, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { type Pipeline, pipelinesQuery } from '@/pickers/deals/api';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { LinkAction } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { useCreateStage, useDeletePipeline, useUpdatePipeline } from '../api';
import classes from '../deals.module.css';
import { DealFields } from '../parts/DealFields';
import { PipelineDialog } from '../parts/PipelineDialog';
import { StageRow } from '../parts/StageRow';

export function PipelinesPage() {
  const { t } = useTranslation('deals');
  const query = useQuery(pipelinesQuery);
  const [isAdding, setAdding] = useState(false);
  const mayEdit = useMay('editor');
  return (
    <Page width={980}>
      <PageHeader
        back={
          <LinkAction to="/deals" aria-label={t('back')} mb="xs">
            <IconArrowLeft size={18} />
          </LinkAction>
        }
        title={t('pipeline.heading')}
        description={t('pipeline.hint')}
        actions={
          mayEdit && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('pipeline.add')}
            </Button>
          )
        }
      />
      {query.isPending ? (
        <LoadingRows count={6} />
      ) : query.isError ? (
        <ErrorView error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Stack gap="md">
          {query.data.items.map((pipeline) => (
            <PipelineCard key={pipeline.id} pipeline={pipeline} mayEdit={mayEdit} />
          ))}
          <DealFields mayEdit={mayEdit} />
        </Stack>
      )}
      <PipelineDialog opened={isAdding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function PipelineCard({ pipeline, mayEdit }: { pipeline: Pipeline; mayEdit: boolean }) {
  const { t } = useTranslation('deals');
  const update = useUpdatePipeline();
  const remove = useDeletePipeline();
  const addStage = useCreateStage();
  const [isAsking, setAsking] = useState(false);
  const rename = (name: string) => {
    if (name.trim() && name !== pipeline.name) update.mutate({ id: pipeline.id, name }, { onError: toastError });
  };
  return (
    <Card padding="md" component="section" aria-label={pipeline.name}>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        {mayEdit ? (
          <TextInput
            key={pipeline.name}
            flex={1}
            maw={340}
            fw={600}
            aria-label={t('pipeline.name')}
            defaultValue={pipeline.name}
            onBlur={(event) => rename(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
          />
        ) : (
          <Title order={2} size="h4">
            {pipeline.name}
          </Title>
        )}
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" c="dimmed">
            {pipeline.currency}
          </Text>
          {mayEdit && (
            <Menu>
              <Menu.Target>
                <ActionIcon aria-label={t('pipeline.actions', { name: pipeline.name })}>
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setAsking(true)}>
                  {t('pipeline.delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      <div className={`${classes.stage} ${classes.stageHead}`} aria-hidden>
        <span />
        <span>{t('stage.heads.name')}</span>
        <span>{t('stage.heads.chance')}</span>
        <span>{t('stage.heads.stale')}</span>
        {mayEdit && <span className={classes.stageEnd} />}
      </div>
      <ol className={classes.stages} aria-label={t('stages')}>
        {pipeline.stages.map((stage, place) => (
          <StageRow key={stage.id} pipeline={pipeline} stage={stage} place={place} mayEdit={mayEdit} />
        ))}
      </ol>
      {mayEdit && (
        <Button
          mt="sm"
          size="xs"
          variant="light"
          leftSection={<IconPlus size={14} />}
          loading={addStage.isPending}
          onClick={() =>
            addStage.mutate({ pipelineId: pipeline.id, name: t('stage.newName') }, { onError: toastError })
          }
        >
          {t('stage.add')}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('pipeline.deleteTitle', { name: pipeline.name })}
        action={t('pipeline.delete')}
        loading={remove.isPending}
        onConfirm={() =>
          remove.mutate(pipeline.id, {
            onError: (error) => {
              setAsking(false);
              toastError(error);
            },
          })
        }
        onClose={() => setAsking(false)}
      >
        {t('pipeline.deleteText')}
      </ConfirmDialog>
    </Card>
  );
}
