/** Lines of a menu, a list or profiles: what they say and where they lead. */
import { ActionIcon, Button, Fieldset, Group, Stack, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Block, type Item, itemsOf } from '../blocks';

const MOST = 20;

type Props = { block: Block; onChange: (items: Item[]) => void };

export function ItemsForm({ block, onChange }: Props) {
  const { t } = useTranslation('messages');
  const items = itemsOf(block);
  const set = (number: number, part: Partial<Item>) =>
    onChange(items.map((item, index) => (index === number ? { ...item, ...part } : item)));
  const lift = (number: number) =>
    onChange(
      items.map(
        (item, index) => (index === number ? items[number - 1] : index === number - 1 ? items[number] : item) ?? item,
      ),
    );
  return (
    <Stack gap="xs">
      {items.map((item, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
        <Fieldset key={number} p={8} legend={t('item', { number: number + 1 })}>
          <Group gap={6} wrap="nowrap">
            {block.type === 'list' && (
              <TextInput
                w={48}
                aria-label={t('props.icon')}
                maxLength={8}
                value={item.icon ?? ''}
                onChange={(event) => set(number, { icon: event.currentTarget.value })}
              />
            )}
            <TextInput
              flex={1}
              aria-label={t('props.label')}
              maxLength={300}
              value={item.label}
              onChange={(event) => set(number, { label: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('up')}
              disabled={number === 0}
              onClick={() => lift(number)}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('removeItem')}
              onClick={() => onChange(items.filter((_, index) => index !== number))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
          <TextInput
            mt={6}
            aria-label={t('props.href')}
            placeholder="https://"
            maxLength={2000}
            value={item.href ?? ''}
            onChange={(event) => set(number, { href: event.currentTarget.value })}
          />
        </Fieldset>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={items.length >= MOST}
        onClick={() => onChange([...items, { label: '', href: block.type === 'list' ? '' : 'https://', icon: '' }])}
      >
        {t('addItem')}
      </Button>
    </Stack>
  );
}
