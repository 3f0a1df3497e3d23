/** One check in words; the record to set, with buttons to copy it, stands open where something is to be done. */
import { ActionIcon, Badge, Box, Button, Code, Collapse, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconChevronDown, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyValue } from '@/ui/CopyValue';
import type { Check } from '../api';
import classes from '../senders.module.css';

type Props = { check: Pick<Check, 'id' | 'record_type' | 'record_name' | 'record_value'> & Partial<Check> };
const colors = { ok: 'green', warning: 'orange', missing: 'red', unknown: 'gray' } as const;

export function CheckRow({ check }: Props) {
  const { t } = useTranslation('senders');
  const [isOpen, setOpen] = useState(check.status !== 'ok');
  return (
    <li className={classes.check}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
        <Box miw={0}>
          <Group gap="xs" mb={2}>
            <Text size="sm" fw={600}>
              {t(`checks.${check.id}`)}
            </Text>
            {check.status && (
              <Badge variant="light" color={colors[check.status]}>
                {t(`statuses.${check.status}`)}
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t(`about.${check.id}`)} {check.message}
          </Text>
        </Box>
        {check.status === 'ok' && (
          <ActionIcon
            aria-label={t('record.value')}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className={isOpen ? classes.turned : undefined}
          >
            <IconChevronDown size={16} />
          </ActionIcon>
        )}
      </Group>
      <Collapse expanded={isOpen && check.record_value !== ''}>
        <dl className={classes.record}>
          <dt>{t('record.type')}</dt>
          <dd>
            <Code>{check.record_type}</Code>
          </dd>
          <dt>{t('record.host')}</dt>
          <dd>
            <Copied text={check.record_name} label={t('record.copyName')} />
          </dd>
          <dt>{t('record.value')}</dt>
          <dd>
            <Copied text={check.record_value} label={t('record.copyValue')} />
          </dd>
          {check.status !== 'ok' && (check.found?.length ?? 0) > 0 && (
            <>
              <dt>{t('record.found')}</dt>
              <dd>
                {check.found?.map((text) => (
                  <Code key={text} block className={classes.text}>
                    {text}
                  </Code>
                ))}
              </dd>
            </>
          )}
        </dl>
      </Collapse>
    </li>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('senders');
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code className={classes.text}>{text}</Code>
      <CopyValue value={text}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('record.copied') : label}>
            <Button
              variant="default"
              size="compact-xs"
              onClick={copy}
              aria-label={label}
              style={{ flexShrink: 0 }}
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            >
              {copied ? t('record.copied') : t('record.copy')}
            </Button>
          </Tooltip>
        )}
      </CopyValue>
    </Group>
  );
}
