/** The filter of the list in the language of segments, beside the table, which follows every change. */
import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconTargetArrow, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import { LinkButton } from '@/ui/links';
import classes from '../list.module.css';

type Props = {
  where: ConditionNode | undefined;
  /** Panel and quick filters together, for a segment. */
  condition: ConditionNode | null;
  mayEdit: boolean;
  onChange: (where: ConditionNode | undefined) => void;
  onClose: () => void;
};

const EVERYONE: ConditionNode = { match: 'all', conditions: [] };
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

export function ConditionPanel({ where, condition, mayEdit, onChange, onClose }: Props) {
  const { t } = useTranslation('contacts');
  const [value, setValue] = useState<ConditionNode>(where ?? EVERYONE);
  const sent = useRef<ConditionNode>(where ?? EVERYONE);
  const send = useDebouncedCallback((filled: ConditionNode) => {
    if (isSame(filled, sent.current)) return;
    sent.current = filled;
    onChange(filled);
  }, 300);
  useEffect(() => {
    const given = where ?? EVERYONE;
    if (isSame(given, sent.current)) return;
    sent.current = given;
    setValue(given);
  }, [where]);
  return (
    <aside className={`card ${classes.panel}`} aria-label={t('panel.title')}>
      <Group justify="space-between" px={14} py={10}>
        <Text fw={600}>{t('panel.title')}</Text>
        <ActionIcon aria-label={t('panel.close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <div className={classes.panelBody}>
        <ConditionBuilder value={value} onChange={setValue} onFilled={send} />
      </div>
      <div className={classes.panelFoot}>
        {mayEdit && condition && (
          <LinkButton
            to="/segments/new"
            search={{ condition: condition as Record<string, unknown> }}
            size="xs"
            variant="default"
            leftSection={<IconTargetArrow size={14} />}
          >
            {t('panel.saveSegment')}
          </LinkButton>
        )}
        <Button size="xs" variant="subtle" color="gray" onClick={() => setValue(EVERYONE)}>
          {t('panel.clear')}
        </Button>
      </div>
    </aside>
  );
}
