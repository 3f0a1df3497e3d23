/** The button that opens all conditions, in groups, with a search. */
import { Button, Combobox, Group, ThemeIcon, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Condition, useEditing } from './context';
import { groupLook } from './looks';

export const titleCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Conditions by their group, in the registry's order. */
export function grouped(conditions: Condition[]): { group: string; items: Condition[] }[] {
  const groups = [...new Set(conditions.map((condition) => titleCase(condition.group)))];
  return groups.map((group) => ({
    group,
    items: conditions.filter((condition) => titleCase(condition.group) === group),
  }));
}

export function AddCondition({ onAdd }: { onAdd: (type: string) => void }) {
  const { t } = useTranslation('pickers');
  const { registry } = useEditing();
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const word = search.trim().toLowerCase();
  const fits = (condition: Condition) => `${condition.label} ${condition.group}`.toLowerCase().includes(word);
  const groups = grouped(registry.conditions.filter(fits));
  return (
    <Combobox
      store={combobox}
      width={300}
      position="bottom-start"
      shadow="md"
      onOptionSubmit={(type) => {
        onAdd(type);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} />}
          onClick={() => combobox.toggleDropdown()}
        >
          {t('condition.add')}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={search}
          placeholder={t('condition.search')}
          aria-label={t('condition.search')}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
        />
        <Combobox.Options mah={340} style={{ overflowY: 'auto' }}>
          {groups.map(({ group, items }) => (
            <Combobox.Group key={group} label={group}>
              {items.map((condition) => (
                <Combobox.Option key={condition.type} value={condition.type}>
                  <Group gap={8} wrap="nowrap">
                    <GroupIcon group={condition.group} size={22} />
                    {condition.label}
                  </Group>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {groups.length === 0 && <Combobox.Empty>{t('condition.notFound')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

export function GroupIcon({ group, size = 26 }: { group: string; size?: number }) {
  const { icon: Icon, color } = groupLook(group);
  return (
    <ThemeIcon variant="light" color={color} size={size} radius={7} aria-hidden>
      <Icon size={size * 0.6} stroke={1.7} />
    </ThemeIcon>
  );
}
