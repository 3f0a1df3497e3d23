/** One import from its columns to its result; the server's state decides which step is shown. */
import { Group } from '@mantine/core';
import { IconArrowLeft, IconFileOff } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '@/api/problems';
import { LinkAction, LinkButton } from '@/ui/links';
import { Page, PageHeader } from '@/ui/Page';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { type Import, type ImportState, importQuery } from '../api';
import { ColumnsStep } from '../parts/ColumnsStep';
import { CheckedStep, DoneStep, FailedStep } from '../parts/ResultSteps';
import { type StepName, Steps } from '../parts/Steps';
import { UndoneStep } from '../parts/Undo';
import { Working } from '../parts/Working';

const stepOf: Record<ImportState, StepName> = {
  uploaded: 'columns',
  checking: 'check',
  checked: 'check',
  running: 'result',
  completed: 'result',
  failed: 'result',
  cancelled: 'result',
  paused: 'result',
  undoing: 'result',
  undone: 'result',
};

export function ImportPage() {
  const { t } = useTranslation('imports');
  const { id } = useParams({ from: '/_app/imports/$id' });
  const query = useQuery(importQuery(Number(id)));
  if (isStatus(query.error, 404)) {
    return (
      <EmptyView
        isPage
        icon={<IconFileOff size={26} stroke={1.6} />}
        title={t('gone.title')}
        actions={<LinkButton to="/imports">{t('gone.action')}</LinkButton>}
      />
    );
  }
  return (
    <Page width={960}>
      <PageHeader
        title={
          <Group gap="xs" wrap="nowrap">
            <LinkAction to="/imports" aria-label={t('gone.action')}>
              <IconArrowLeft size={18} />
            </LinkAction>
            <span style={{ overflowWrap: 'anywhere' }}>{query.data?.filename ?? t('new.title')}</span>
          </Group>
        }
      />
      {query.isPending && <LoadingRows />}
      {query.isError && <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Wizard key={query.data.id} item={query.data} />}
    </Page>
  );
}

function Wizard({ item }: { item: Import }) {
  const [isBack, setBack] = useState(false);
  const client = useQueryClient();
  const isDone = item.state === 'completed' || item.state === 'undone';
  useEffect(() => {
    if (isDone)
      for (const key of ['contacts', 'tags', 'lists', 'fields', 'dashboard'])
        void client.invalidateQueries({ queryKey: [key] });
  }, [client, isDone]);
  // Going back to the columns ends when the server works again.
  const isWorking = item.state === 'checking' || item.state === 'running';
  useEffect(() => {
    if (isWorking) setBack(false);
  }, [isWorking]);

  const step = isBack ? 'columns' : stepOf[item.state];
  return (
    <>
      <Steps current={step} />
      {step === 'columns' ? (
        <ColumnsStep item={item} />
      ) : isWorking || item.state === 'paused' || item.state === 'undoing' ? (
        <Working item={item} />
      ) : item.state === 'checked' ? (
        <CheckedStep item={item} onBack={() => setBack(true)} />
      ) : item.state === 'completed' ? (
        <DoneStep item={item} />
      ) : item.state === 'undone' ? (
        <UndoneStep item={item} />
      ) : (
        <FailedStep item={item} onBack={() => setBack(true)} />
      )}
    </>
  );
}
