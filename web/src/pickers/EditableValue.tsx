/** One value edited in place: press it, change it, Enter or leaving saves, Escape takes it back. */
import { IconPencil } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldType, FieldValue } from './api';
import classes from './editable.module.css';
import { ValueInput } from './ValueInput';

type Props = {
  label: string;
  value: FieldValue | undefined;
  type?: FieldType | 'email' | 'phone';
  options?: string[];
  isReadOnly?: boolean;
  /** Stands where nothing is yet. */
  placeholder?: string;
  onSave: (value: FieldValue) => void;
};

function showValue(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** A label and its value in the column of a profile. */
export function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt title={label}>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function EditableValue({ label, value, type = 'text', options = [], isReadOnly, placeholder, onSave }: Props) {
  const { t } = useTranslation('pickers');
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
      aria-label={t('editable.edit', { label, value: text || t('editable.nothing') })}
      onClick={() => setDraft({ value: value ?? null })}
    >
      <span>{text || placeholder || t('editable.add')}</span>
      <IconPencil size={14} aria-hidden />
    </button>
  );
}
