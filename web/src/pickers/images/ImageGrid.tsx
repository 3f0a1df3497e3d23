/** The pictures of the library: search, upload by button or by dropping files, and choose. */
import { Badge, Button, FileButton, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPhoto, IconPhotoUp, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyView, ErrorView, LoadingRows } from '@/ui/States';
import { toast, toastError } from '@/ui/toast';
import { type Image, imagesQuery, useUploadImage } from './api';
import classes from './images.module.css';

const TYPES = 'image/png,image/jpeg,image/gif,image/webp';

type Props = { onChoose: (image: Image) => void; mayEdit: boolean };

export function ImageGrid({ onChoose, mayEdit }: Props) {
  const { t } = useTranslation('pickers');
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search, 200);
  const query = useQuery(imagesQuery(asked));
  const uploading = useUploadImage();
  const [isOver, setOver] = useState(false);
  const take = async (files: File[]) => {
    let last: Image | undefined;
    for (const file of files) {
      try {
        last = await uploading.mutateAsync(file);
      } catch (error) {
        toastError(error);
      }
    }
    if (last) toast(t('images.uploaded', { name: last.name }));
    if (last && files.length === 1) onChoose(last);
  };
  const items = query.data?.items ?? [];
  const button = mayEdit && (
    <FileButton
      multiple
      accept={TYPES}
      onChange={(files) => void take(files)}
      inputProps={{ 'aria-label': t('images.files') }}
    >
      {(props) => (
        <Button {...props} leftSection={<IconPhotoUp size={16} />} loading={uploading.isPending}>
          {t('images.upload')}
        </Button>
      )}
    </FileButton>
  );
  return (
    <div
      className={classes.area}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (!mayEdit || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!mayEdit || event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void take([...event.dataTransfer.files]);
      }}
    >
      <Group mb="md" wrap="nowrap">
        <TextInput
          flex={1}
          aria-label={t('images.search')}
          placeholder={t('images.search')}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {(items.length > 0 || asked !== '') && button}
      </Group>
      {query.isPending && <LoadingRows />}
      {query.isError && <ErrorView error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && items.length === 0 && (
        <EmptyView
          icon={<IconPhoto size={26} stroke={1.6} />}
          title={t(asked ? 'images.nothing' : 'images.empty')}
          description={t(asked ? 'images.nothingText' : 'images.emptyText')}
          actions={!asked && button}
        />
      )}
      <ul className={classes.grid} aria-label={t('images.title')}>
        {items.map((image) => (
          <li key={image.id}>
            <button type="button" className={classes.card} onClick={() => onChoose(image)}>
              <img src={image.thumbnail_url} alt={image.alt} loading="lazy" />
              <span className={classes.caption}>
                <span>{image.name}</span>
                <Text span size="xs" c="dimmed">
                  {t('images.size', { width: image.width, height: image.height })}
                </Text>
                {!image.alt && (
                  <Badge size="xs" color="orange" variant="light">
                    {t('images.noAlt')}
                  </Badge>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
