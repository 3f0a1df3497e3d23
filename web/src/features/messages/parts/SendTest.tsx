/** Sends the message to an address of one's own. */
import { ActionIcon, Alert, Button, Group, Popover, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';
import { useSession } from '@/api/session';
import { LinkAnchor } from '@/ui/links';
import { toast, toastError } from '@/ui/toast';
import { useSendTest } from '../api';

const isSenderMissing = (error: unknown) => error instanceof ApiError && error.code === 'delivery.sender_missing';

type Props = { messageId: number; contactId: number | undefined; save: () => Promise<void>; isSmall?: boolean };

export function SendTest({ messageId, contactId, save, isSmall }: Props) {
  const { t } = useTranslation('messages');
  const { user } = useSession();
  const [email, setEmail] = useState(user.email);
  const [isOpen, setOpen] = useState(false);
  const send = useSendTest(messageId);
  const submit = async (event: React.FormEvent) => {
    event.preventDefault();
    await save();
    send.mutate(
      { email: email.trim(), contact_id: contactId },
      {
        onSuccess: () => {
          setOpen(false);
          toast(t('testSent'));
        },
        onError: (error) => !isSenderMissing(error) && toastError(error),
      },
    );
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        {isSmall ? (
          <ActionIcon
            variant="filled"
            color="brand"
            size={34}
            aria-label={t('sendTest')}
            onClick={() => setOpen(!isOpen)}
          >
            <IconSend size={18} />
          </ActionIcon>
        ) : (
          <Button leftSection={<IconSend size={16} />} onClick={() => setOpen(!isOpen)}>
            {t('sendTest')}
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void submit(event)}>
          <Group align="flex-end" gap="xs" wrap="nowrap">
            <TextInput
              type="email"
              required
              label={t('testTo')}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Button type="submit" loading={send.isPending}>
              {t('send')}
            </Button>
          </Group>
          {isSenderMissing(send.error) && (
            <Alert mt="sm" maw={340} color="orange" icon={<IconAlertTriangle size={16} />} role="alert">
              {messageOf(send.error)}{' '}
              <LinkAnchor to="/settings/$section" params={{ section: 'sender' }} size="sm" underline="always">
                {t('setSender')}
              </LinkAnchor>
            </Alert>
          )}
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
