/** A new message from a ready template or an empty sheet. */
import { Button, Modal, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toastError } from '@/ui/toast';
import { type Template, templatesQuery, useCreateMessage } from '../api';
import type { MessageDocument } from '../blocks';
import classes from '../messages.module.css';
import { beginnings, modes } from './modes';
import { Thumbnail } from './Thumbnail';

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
            <Choice
              key={template.id}
              title={template.name}
              text={template.description}
              document={template.document}
              onClick={() => begin(template)}
            />
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
        </SimpleGrid>
      </Modal>
    </>
  );
}

type ChoiceProps = { title: string; text: string; document?: MessageDocument; onClick: () => void };

function Choice({ title, text, document, onClick }: ChoiceProps) {
  return (
    <UnstyledButton className={`card ${classes.choice}`} onClick={onClick}>
      {document ? (
        <Thumbnail document={document} />
      ) : (
        <div className={classes.blank}>
          <IconPlus size={32} stroke={1.4} aria-hidden />
        </div>
      )}
      <div className={classes.choiceText}>
        <Text fw={600} size="sm">
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {text}
        </Text>
      </div>
    </UnstyledButton>
  );
}
