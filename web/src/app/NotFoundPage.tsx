import { IconMapOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '@/ui/links';
import { EmptyView } from '@/ui/States';

/** For addresses outside the shell. */
export function LostPage() {
  return (
    <main>
      <NotFoundPage />
    </main>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation('app');
  return (
    <EmptyView
      isPage
      icon={<IconMapOff size={26} stroke={1.6} />}
      title={t('notFound.title')}
      description={t('notFound.text')}
      actions={<LinkButton to="/dashboard">{t('notFound.action')}</LinkButton>}
    />
  );
}
