/** A message from an HTML file: read by the server, then opened in its source with what to look at. */
import { FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toast, toastError } from '@/ui/toast';
import { type Content, useImportHtml } from '../api';
import { Choice } from './Choice';

type Props = { onRead: (message: Partial<Content> & { name: string }) => void };

export function ImportHtml({ onRead }: Props) {
  const { t } = useTranslation('messages');
  const read = useImportHtml();
  const take = async (file: File | null) => {
    if (!file) return;
    read.mutate(await file.text(), {
      onSuccess: ({ document, title, images, removed }) => {
        const lost = images.filter((image) => !image.is_full_address).length;
        toast(t('imported', { images: images.length, lost, removed: removed.join(', ') || t('importedNothing') }));
        onRead({ name: title || file.name.replace(/\.html?$/i, ''), subject: title, document });
      },
      onError: toastError,
    });
  };
  return (
    <FileButton onChange={(file) => void take(file)} accept="text/html,.html,.htm">
      {({ onClick }) => (
        <Choice
          title={t('importHtml')}
          text={t('importHtmlText')}
          icon={<IconFileImport size={32} stroke={1.4} aria-hidden />}
          onClick={onClick}
        />
      )}
    </FileButton>
  );
}
