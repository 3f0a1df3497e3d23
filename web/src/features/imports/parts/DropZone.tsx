/** Drop a file here, or press to choose one. */
import { Button, Group, Loader, Progress, Text } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/lib/format';
import classes from '../imports.module.css';

type Props = {
  file: File | null;
  isBusy: boolean;
  /** How much of the file has been sent, from 0 to 1. */
  share: number;
  onFile: (file: File) => void;
  onCancel: () => void;
};

export function DropZone({ file, isBusy, share, onFile, onCancel }: Props) {
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
        accept=".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/vcard"
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
        <>
          <Text fw={600} role="status">
            {t(share < 1 ? 'file.sending' : 'file.uploading', { name: file.name, size: formatBytes(file.size) })}
          </Text>
          {share < 1 && (
            <Group gap="sm" wrap="nowrap" w="100%" maw={360}>
              <Progress value={share * 100} aria-label={t('file.share')} style={{ flex: 1 }} />
              <Text size="sm" className="num">{`${Math.floor(share * 100)}\u2009%`}</Text>
              <Button size="compact-sm" variant="subtle" color="gray" onClick={onCancel}>
                {t('file.cancel')}
              </Button>
            </Group>
          )}
        </>
      ) : (
        <Text fw={600}>{t('file.drop')}</Text>
      )}
      <Text size="sm" c="dimmed" maw={420} ta="center">
        {t('file.hint')}
      </Text>
    </label>
  );
}
