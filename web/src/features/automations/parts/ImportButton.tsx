/** An automation from a file that was saved here or elsewhere. */
import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problems';
import { toastError } from '@/ui/toast';
import { useImportAutomation } from '../version-api';

export function ImportButton() {
  const { t } = useTranslation('automations');
  const navigate = useNavigate();
  const bring = useImportAutomation();
  const take = (file: File | null) => {
    if (!file) return;
    bring.mutate(file, {
      onSuccess: (made) => void navigate({ to: '/automations/$id', params: { id: String(made.id) } }),
      onError: (error) => toastError(error instanceof ApiError ? error : new Error(t('file.unreadable'))),
    });
  };
  return (
    <FileButton onChange={take} accept="application/json,.json">
      {(props) => (
        <Button variant="default" leftSection={<IconUpload size={16} />} loading={bring.isPending} {...props}>
          {t('file.bring')}
        </Button>
      )}
    </FileButton>
  );
}
