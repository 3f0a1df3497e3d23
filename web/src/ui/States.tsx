/** What a screen shows when there is nothing, something failed, or the answer is still on its way. */
import { Button, Center, EmptyState, Skeleton, Stack, Title } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';

type EmptyProps = {
  icon: ReactNode;
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  height?: number;
  /** The view is the whole page, so its title is the page's heading. */
  isPage?: boolean;
};

const headingStyle = { fontSize: 'inherit', fontWeight: 'inherit' };

export function EmptyView({ icon, title, description, actions, isPage, height = isPage ? 520 : 380 }: EmptyProps) {
  return (
    <Center mih={height} p="md">
      <EmptyState
        icon={icon}
        withIndicatorBackground
        title={
          isPage ? (
            <Title order={1} style={headingStyle}>
              {title}
            </Title>
          ) : (
            title
          )
        }
        description={description}
        maw={460}
      >
        {actions && <EmptyState.Actions>{actions}</EmptyState.Actions>}
      </EmptyState>
    </Center>
  );
}

type ErrorProps = { error: unknown; onRetry?: () => void; height?: number };

export function ErrorView({ error, onRetry, height = 320 }: ErrorProps) {
  const { t } = useTranslation('ui');
  return (
    <Center mih={height} p="md" role="alert">
      <EmptyState
        icon={<IconCloudOff size={26} stroke={1.6} />}
        withIndicatorBackground
        title={t('error.title')}
        description={messageOf(error)}
        maw={460}
      >
        {onRetry && (
          <EmptyState.Actions>
            <Button variant="default" onClick={onRetry}>
              {t('error.retry')}
            </Button>
          </EmptyState.Actions>
        )}
      </EmptyState>
    </Center>
  );
}

/** Grey bars in the place of rows. */
export function LoadingRows({ count = 8, height = 30 }: { count?: number; height?: number }) {
  const { t } = useTranslation('ui');
  return (
    <Stack p="md" gap="md" role="status" aria-label={t('loading')}>
      {Array.from({ length: count }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
        <Skeleton key={row} h={height} />
      ))}
    </Stack>
  );
}
