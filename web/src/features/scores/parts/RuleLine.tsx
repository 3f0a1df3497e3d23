/** One rule in words, with what it gives and to how many it has given. */
import { ActionIcon, Badge, Group, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/lib/format';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { toastError } from '@/ui/toast';
import { type Rule, useDeleteRule } from '../api';
import classes from '../scores.module.css';

type Props = { rule: Rule; mayEdit: boolean; onEdit: () => void };

export function RuleLine({ rule, mayEdit, onEdit }: Props) {
  const { t } = useTranslation('scores');
  const remove = useDeleteRule();
  const [isAsking, setAsking] = useState(false);
  const sentence = rule.sentence || t('everyone');
  return (
    <li className={classes.rule}>
      <Badge size="lg" variant="light" color={rule.points > 0 ? 'teal' : 'red'} className="num">
        {rule.points > 0 ? '+' : ''}
        {formatNumber(rule.points)}
      </Badge>
      <div className={classes.words}>
        <Text size="sm">{sentence}</Text>
        <Text size="xs" c="dimmed">
          {[
            rule.lasts_days === null ? t('rule.forever') : t('rule.lasts', { count: rule.lasts_days }),
            t('rule.given', { count: rule.contact_count, shown: formatNumber(rule.contact_count) }),
          ].join(' · ')}
        </Text>
      </div>
      {mayEdit && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon aria-label={t('rule.change', { sentence })} onClick={onEdit}>
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon aria-label={t('rule.delete', { sentence })} onClick={() => setAsking(true)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      )}
      <ConfirmDialog
        opened={isAsking}
        title={t('rule.deleteTitle')}
        action={t('delete')}
        loading={remove.isPending}
        onConfirm={() => remove.mutate(rule.id, { onError: toastError, onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t('rule.deleteText')}
      </ConfirmDialog>
    </li>
  );
}
