/** The image library: every picture with its description, its address and what shows it. */
import { Button, Drawer, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '@/api/session';
import { formatBytes } from '@/lib/format';
import { DeleteDialog } from '@/pickers/DeleteDialog';
import { type Image, useChangeImage, useDeleteImage } from '@/pickers/images/api';
import { ImageGrid } from '@/pickers/images/ImageGrid';
import { UsedBy } from '@/pickers/UsedBy';
import { CopyValue } from '@/ui/CopyValue';
import { Page, PageHeader } from '@/ui/Page';
import { toast, toastError } from '@/ui/toast';

export function ImagesPage() {
  const { t } = useTranslation('media');
  const mayEdit = useMay('editor');
  const [image, setImage] = useState<Image | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  return (
    <Page width={1040}>
      <PageHeader title={t('title')} description={t('subtitle')} />
      <ImageGrid mayEdit={mayEdit} onChoose={setImage} />
      <Drawer
        opened={image !== null}
        onClose={() => setImage(null)}
        position="right"
        closeOnEscape={!isDeleting}
        title={image?.name}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        {image && (
          <Details key={image.id} {...{ image, mayEdit, isDeleting, setDeleting }} onClose={() => setImage(null)} />
        )}
      </Drawer>
    </Page>
  );
}

type Props = {
  image: Image;
  mayEdit: boolean;
  isDeleting: boolean;
  setDeleting: (isDeleting: boolean) => void;
  onClose: () => void;
};

function Details({ image, mayEdit, isDeleting, setDeleting, onClose }: Props) {
  const { t } = useTranslation('media');
  const [name, setName] = useState(image.name);
  const [alt, setAlt] = useState(image.alt);
  const change = useChangeImage();
  const remove = useDeleteImage();
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    change.mutate(
      { id: image.id, name: name.trim() || image.name, alt: alt.trim() },
      {
        onSuccess: () => {
          toast(t('saved'));
          onClose();
        },
        onError: toastError,
      },
    );
  };
  return (
    <form onSubmit={save}>
      <Stack>
        <img src={image.url} alt={image.alt} style={{ maxWidth: '100%', borderRadius: 8 }} />
        <Text size="sm" c="dimmed">
          {t('facts', { width: image.width, height: image.height, size: formatBytes(image.size_bytes) })}
        </Text>
        <TextInput
          label={t('name')}
          value={name}
          maxLength={200}
          readOnly={!mayEdit}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('alt')}
          description={t('altHint')}
          autosize
          maxLength={500}
          value={alt}
          readOnly={!mayEdit}
          onChange={(event) => setAlt(event.currentTarget.value)}
        />
        <UsedBy noun="image" id={image.id} />
        <Group>
          {mayEdit && (
            <Button type="submit" loading={change.isPending}>
              {t('save')}
            </Button>
          )}
          <CopyValue value={image.url}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {t(copied ? 'copied' : 'copy')}
              </Button>
            )}
          </CopyValue>
          {mayEdit && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t('delete')}
            </Button>
          )}
        </Group>
      </Stack>
      <DeleteDialog
        noun="image"
        id={isDeleting ? image.id : null}
        title={t('deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onClose={() => setDeleting(false)}
        onConfirm={() =>
          remove.mutate(image.id, {
            onSuccess: () => {
              setDeleting(false);
              onClose();
            },
            onError: toastError,
          })
        }
      >
        {t('deleteText', { name: image.name })}
      </DeleteDialog>
    </form>
  );
}
