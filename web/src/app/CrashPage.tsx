import { Button, Code, Stack } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isStatus, messageOf, OfflineError } from '@/api/problems';
import { EmptyView, ErrorView } from '@/ui/States';
import { NotFoundPage } from './NotFoundPage';

const reload = () => window.location.reload();

export function CrashPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation('app');
  if (isStatus(error, 404)) return <NotFoundPage />;
  if (error instanceof OfflineError) return <ErrorView error={error} onRetry={reload} height={520} />;
  return (
    <EmptyView
      isPage
      icon={<IconBug size={26} stroke={1.6} />}
      title={t('crash.title')}
      description={
        <Stack gap="sm" align="center">
          {t('crash.text')}
          <Code>{messageOf(error)}</Code>
        </Stack>
      }
      actions={<Button onClick={reload}>{t('crash.action')}</Button>}
    />
  );
}
