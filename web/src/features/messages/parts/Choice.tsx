/** A card of something to begin a message with. */
import { Text, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { MessageDocument } from '../blocks';
import classes from '../messages.module.css';
import { Thumbnail } from './Thumbnail';

type Props = { title: string; text: string; document?: MessageDocument; icon?: ReactNode; onClick: () => void };

export function Choice({ title, text, document, icon, onClick }: Props) {
  return (
    <UnstyledButton className={`card ${classes.choice}`} onClick={onClick}>
      {document ? (
        <Thumbnail document={document} />
      ) : (
        <div className={classes.blank}>{icon ?? <IconPlus size={32} stroke={1.4} aria-hidden />}</div>
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
