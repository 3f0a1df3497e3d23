/** Files about a contact: dropped or chosen, shown with their progress, downloaded, deleted with a way back. */
import { ActionIcon, Button, Card, Center, Group, Progress, Text, Tooltip } from '@mantine/core';
import { IconDownload, IconFile, IconPaperclip, IconTrash, IconUpload, IconX } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatAgo, formatBytes } from '@/lib/format';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { toastUndo } from '@/ui/undo-toast';
import classes from '../files.module.css';
import { MAX_BYTES, type Upload, useUploads } from '../use-uploads';
import { type ContactFile, filesQuery, fileUrl, useDeleteFile, useRestoreFile } from '../work-api';

export function FilesTab({ contactId }: { contactId: number }) {
  const { t } = useTranslation('contacts');
  const query = useInfiniteQuery(filesQuery(contactId));
  const mayEdit = useMay('editor');
  const limit = formatBytes(MAX_BYTES);
  const { uploads, add, forget } = useUploads(contactId, t('files.tooLarge', { limit }));
  const files = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {mayEdit && <Drop hint={t('files.hint', { limit })} onFiles={add} />}
      <Card padding={0} mt={mayEdit ? 'sm' : 0}>
        {query.isPending ? (
          <LoadingRows count={3} />
        ) : query.isError ? (
          <ErrorView error={query.error} onRetry={() => void query.refetch()} />
        ) : files.length + uploads.length === 0 ? (
          <EmptyView icon={<IconPaperclip size={26} stroke={1.6} />} title={t('files.none')} height={180} />
        ) : (
          <ul className={classes.files} aria-label={t('profile.tabs.files')}>
            {uploads.map((one) => (
              <UploadRow key={one.key} upload={one} onForget={() => forget(one.key)} />
            ))}
            {files.map((file) => (
              <FileRow key={file.id} file={file} mayEdit={mayEdit} />
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <Center p="sm">
            <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
              {t('timeline.more')}
            </Button>
          </Center>
        )}
      </Card>
    </>
  );
}

function Drop({ hint, onFiles }: { hint: string; onFiles: (files: Iterable<File>) => void }) {
  const { t } = useTranslation('contacts');
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles(event.dataTransfer.files);
  };
  return (
    <label
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        multiple
        className={classes.input}
        aria-label={t('files.choose')}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <IconUpload size={20} stroke={1.6} aria-hidden />
      <div>
        <Text size="sm" fw={600}>
          {t('files.drop')}
        </Text>
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      </div>
    </label>
  );
}

function UploadRow({ upload, onForget }: { upload: Upload; onForget: () => void }) {
  const { t } = useTranslation('contacts');
  const label = t(upload.error ? 'files.dismiss' : 'files.cancel', { name: upload.name });
  return (
    <li className={classes.file}>
      <IconFile size={20} stroke={1.5} aria-hidden />
      <div>
        <Text size="sm" fw={550} truncate>
          {upload.name}
        </Text>
        {upload.error ? (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {upload.error}
          </Text>
        ) : (
          <Progress value={upload.share * 100} size="sm" mt={4} aria-label={t('files.uploading', upload)} />
        )}
      </div>
      <ActionIcon aria-label={label} onClick={onForget}>
        <IconX size={16} />
      </ActionIcon>
    </li>
  );
}

function FileRow({ file, mayEdit }: { file: ContactFile; mayEdit: boolean }) {
  const { t } = useTranslation('contacts');
  const remove = useDeleteFile(file.contact_id);
  const restore = useRestoreFile(file.contact_id);
  const drop = () =>
    remove.mutate(file.id, {
      onSuccess: () =>
        toastUndo(t('files.deleted', { name: file.name }), t('files.undo'), () =>
          restore.mutate(file.id, { onError: toastError }),
        ),
      onError: toastError,
    });
  return (
    <li className={classes.file}>
      <IconFile size={20} stroke={1.5} aria-hidden />
      <div>
        <Text size="sm" fw={550} truncate title={file.name}>
          {file.name}
        </Text>
        <Text size="xs" c="dimmed" className="num">
          {formatBytes(file.size_bytes)} · {formatAgo(file.created_at)}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap">
        <Tooltip label={t('files.download')}>
          <ActionIcon
            component="a"
            href={fileUrl(file)}
            download={file.name}
            aria-label={t('files.downloadOne', { name: file.name })}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
        {mayEdit && (
          <Tooltip label={t('files.delete')}>
            <ActionIcon aria-label={t('files.deleteOne', { name: file.name })} onClick={drop}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
    </li>
  );
}
