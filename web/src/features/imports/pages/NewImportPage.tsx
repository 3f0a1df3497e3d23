/** First step of an import: the file. */
import { Alert, Card } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '@/api/problems';
import { Page, PageHeader } from '@/ui/Page';
import { useUpload } from '../api';
import { DropZone } from '../parts/DropZone';
import { Steps } from '../parts/Steps';

export function NewImportPage() {
  const { t } = useTranslation('imports');
  const navigate = useNavigate();
  const upload = useUpload();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const [sending, setSending] = useState<{ cancel: () => void } | null>(null);
  const send = (chosen: File) => {
    setFile(chosen);
    setShare(0);
    upload.mutate(
      { file: chosen, onProgress: setShare, onSending: setSending },
      {
        onSuccess: (item) => void navigate({ to: '/imports/$id', params: { id: String(item.id) } }),
      },
    );
  };
  const isAborted = upload.error instanceof DOMException;
  return (
    <Page width={960}>
      <PageHeader title={t('new.title')} description={t('new.subtitle')} />
      <Steps current="file" />
      {upload.isError && !isAborted && (
        <Alert
          color="red"
          icon={<IconAlertTriangle size={18} />}
          role="alert"
          mb="md"
          title={t('file.refused', { name: file?.name ?? '' })}
        >
          {messageOf(upload.error)}
        </Alert>
      )}
      <Card padding="md">
        <DropZone
          file={file}
          isBusy={upload.isPending}
          share={share}
          onFile={send}
          onCancel={() => sending?.cancel()}
        />
      </Card>
    </Page>
  );
}
