/** One value edited in place: press it, change it, Enter or leaving saves, Escape takes it back. */
import { IconPencil } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldType, FieldValue } from '@/pickers/api';
import classes from '../contacts.module.css';
import { showValue } from '../model';
import { ValueInput } from './ValueInput';

type Props = {
  label: string;
  value: FieldValue | undefined;
  type?: FieldType | 'email' | 'phone';
  options?: string[];
  isReadOnly?: boolean;
  onSave: (value: FieldValue) => void;
};

export function EditableValue({ label, value, type = 'text', options = [], isReadOnly, onSave }: Props) {
  const { t } = useTranslation('contacts');
  const [draft, setDraft] = useState<{ value: FieldValue } | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const text = showValue(value);

  const close = () => {
    setDraft(null);
    requestAnimationFrame(() => button.current?.focus());
  };
  const save = (next: FieldValue) => {
    setDraft(null);
    if (showValue(next) !== text) onSave(next);
  };

  if (isReadOnly) return <span>{text || '–'}</span>;
  if (draft) {
    return (
      <ValueInput
        label={label}
        type={type}
        options={options}
        value={draft.value}
        onChange={(next) => setDraft({ value: next })}
        onSave={save}
        onCancel={close}
      />
    );
  }
  return (
    <button
      ref={button}
      type="button"
      className={classes.value}
      data-empty={text ? undefined : true}
      aria-label={t('profile.edit', { label, value: text || t('profile.nothing') })}
      onClick={() => setDraft({ value: value ?? null })}
    >
      <span>{text || t('profile.add')}</span>
      <IconPencil size={14} aria-hidden />
    </button>
  );
}
