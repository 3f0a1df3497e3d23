/** A new message from a ready template or an empty sheet. */
import { Button, Modal, SimpleGrid } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type Template, templatesQuery, useCreateMessage } from '../api';
import classes from '../messages.module.css';
import { Choice } from './Choice';
import { DeleteTemplate } from './DeleteTemplate';
import { ImportHtml } from './ImportHtml';
import { beginnings, modes } from './modes';

export function NewMessage() {
  const { t } = useTranslation('messages');
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ ...templatesQuery, enabled: isOpen });
  const create = useCreateMessage();
  const navigate = useNavigate();
  const beginWith = (message: Parameters<typeof create.mutate>[0]) =>
    create.mutate(message, {
      onSuccess: (made) => void navigate({ to: '/messages/$id', params: { id: String(made.id) } }),
      onError: toastError,
    });
  const begin = ({ name, subject, preheader, document }: Template) => beginWith({ name, subject, preheader, document });
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen(true)}>
        {t('create')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('chooseTemplate')}
        size="min(1100px, 94vw)"
        closeButtonProps={{ 'aria-label': t('cancel') }}
      >
        <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }}>
          <Choice title={t('blank')} text={t('blankText')} onClick={() => beginWith({ name: t('newName') })} />
          {data?.items.map((template) => (
            <div key={template.id} className={classes.template}>
              <Choice
                title={template.name}
                text={template.is_saved ? template.description || t('templates.own') : template.description}
                document={template.document}
                onClick={() => begin(template)}
              />
              {template.is_saved && <DeleteTemplate template={template} />}
            </div>
          ))}
          {modes.map((mode) => (
            <Choice
              key={mode}
              title={t(`modes.${mode}`)}
              text={t(`modes.${mode}Text`)}
              document={beginnings[mode]}
              onClick={() => beginWith({ name: t('newName'), document: beginnings[mode] })}
            />
          ))}
          <ImportHtml onRead={beginWith} />
        </SimpleGrid>
      </Modal>
    </>
  );
}
