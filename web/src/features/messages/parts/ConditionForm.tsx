/** Who sees what in a conditional block: a condition for each variant, and the rest. */
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';
import type { Block, Condition } from '../blocks';
import { addVariant, conditionsOf, dropVariant, MOST_VARIANTS, withCondition } from '../variants';

type Props = {
  block: Block;
  shown: number;
  onShow: (number: number) => void;
  onChange: (part: Partial<Block>) => void;
};

export function ConditionForm({ block, shown, onShow, onChange }: Props) {
  const { t } = useTranslation('messages');
  const conditions = conditionsOf(block);
  return (
    <Stack gap="sm">
      {conditions.map((condition, number) => (
        <Card
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
          key={`${conditions.length}/${number}`}
          withBorder
          p="xs"
          radius="md"
          component="section"
          aria-label={t('slot.variant', { number: number + 1 })}
          style={shown === number ? { borderColor: 'var(--mantine-primary-color-filled)' } : undefined}
          onFocus={() => shown !== number && onShow(number)}
        >
          <Group justify="space-between" mb={6}>
            <Text size="sm" fw={600}>
              {t(number === 0 ? 'shownWhen' : 'orWhen')}
            </Text>
            {conditions.length > 1 && (
              <Button
                variant="subtle"
                color="gray"
                size="compact-xs"
                onClick={() => onChange(dropVariant(block, number))}
              >
                {t('removeVariant')}
              </Button>
            )}
          </Group>
          <ConditionBuilder
            value={condition as ConditionNode}
            onChange={(next) => onChange(withCondition(block, number, next as Condition))}
          />
        </Card>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={conditions.length > MOST_VARIANTS}
        onClick={() => {
          onChange(addVariant(block));
          onShow(conditions.length);
        }}
      >
        {t('addVariant')}
      </Button>
      <Text size="xs" c="dimmed">
        {t('restHint')}
      </Text>
    </Stack>
  );
}
