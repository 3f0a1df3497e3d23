/** Drop a file here, or press to choose one. */
import { Loader, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/lib/format';
import classes from '../imports.module.css';

type Props = { file: File | null; isBusy: boolean; onFile: (file: File) => void };

export function DropZone({ file, isBusy, onFile }: Props) {
  const { t } = useTranslation('imports');
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped && !isBusy) onFile(dropped);
  };
  return (
    <label
      className={classes.drop}
      data-over={isOver || undefined}
      data-busy={isBusy || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className={classes.fileInput}
        disabled={isBusy}
        aria-label={t('file.choose')}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen) onFile(chosen);
          event.currentTarget.value = '';
        }}
      />
      {isBusy ? <Loader size={34} aria-hidden /> : <IconFileTypeCsv size={38} stroke={1.4} aria-hidden />}
      {isBusy && file ? (
        <Text fw={600} role="status">
          {t('file.uploading', { name: file.name, size: formatBytes(file.size) })}
        </Text>
      ) : (
        <Text fw={600}>{t('file.drop')}</Text>
      )}
      <Text size="sm" c="dimmed" maw={420} ta="center">
        {t('file.hint')}
      </Text>
    </label>
  );
}
