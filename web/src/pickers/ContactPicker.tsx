/** Find one contact by name or e-mail. */
import { Combobox, InputBase, type InputBaseProps, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Contact, contactSearchQuery, nameOf } from './api';

type Props = Omit<InputBaseProps, 'onChange'> & {
  value: Contact | null;
  onChange: (contact: Contact | null) => void;
  placeholder?: string;
};

export function ContactPicker({ value, onChange, placeholder, ...rest }: Props) {
  const { t } = useTranslation('pickers');
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState<string | null>(null);
  const [search] = useDebouncedValue((text ?? '').trim(), 150);
  const { data, isFetching } = useQuery({ ...contactSearchQuery(search), enabled: combobox.dropdownOpened });
  const found = data?.items ?? [];
  return (
    <Combobox
      store={combobox}
      shadow="md"
      onOptionSubmit={(id) => {
        onChange(found.find((contact) => String(contact.id) === id) ?? null);
        setText(null);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          aria-label={t('contact.label')}
          {...rest}
          placeholder={placeholder ?? t('contact.placeholder')}
          value={text ?? (value ? nameOf(value) : '')}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            if (text === '') onChange(null);
            setText(null);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {found.map((contact) => (
            <Combobox.Option key={contact.id} value={String(contact.id)}>
              <Text size="sm" fw={550} truncate>
                {nameOf(contact)}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {contact.email}
              </Text>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>{isFetching ? t('loading') : t('contact.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
