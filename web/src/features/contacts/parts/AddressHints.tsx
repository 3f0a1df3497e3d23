/** What the address says about itself, where it is worth knowing. */
import { Badge, Button, Group, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Contact } from '@/pickers/api';

type Props = { contact: Contact; onCorrect?: (email: string) => void };

export function AddressHints({ contact, onCorrect }: Props) {
  const { t } = useTranslation('contacts');
  const said = contact.email_qualities ?? [];
  const meant = contact.email_suggestion;
  if (!meant && !said.includes('role') && !said.includes('disposable')) return null;
  return (
    <Group gap={6} px={8} pb={4}>
      {(['role', 'disposable'] as const)
        .filter((one) => said.includes(one))
        .map((one) => (
          <Tooltip key={one} label={t(`profile.address.${one}Hint`)} multiline maw={260}>
            <Badge size="xs" variant="light" color={one === 'disposable' ? 'orange' : 'gray'}>
              {t(`profile.address.${one}`)}
            </Badge>
          </Tooltip>
        ))}
      {meant && (
        <>
          <Badge size="xs" variant="light" color="orange">
            {t('profile.address.mistyped')}
          </Badge>
          {onCorrect && (
            <Button size="compact-xs" variant="subtle" onClick={() => onCorrect(meant)}>
              {t('profile.address.correct', { email: meant })}
            </Button>
          )}
        </>
      )}
    </Group>
  );
}
