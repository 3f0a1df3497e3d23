/** Choose a picture from the library, or upload one on the spot. */
import { Button, Modal } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from './api';
import { ImageGrid } from './ImageGrid';

export function ImagePicker({ onChoose }: { onChoose: (image: Image) => void }) {
  const { t } = useTranslation('pickers');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPhoto size={16} />} onClick={() => setOpen(true)}>
        {t('images.choose')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('images.choose')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('images.close') }}
      >
        <ImageGrid
          mayEdit
          onChoose={(image) => {
            onChoose(image);
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}
