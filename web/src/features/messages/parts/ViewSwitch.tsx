/** Write, or look at the message on a desk, on a phone, in the dark. */
import { SegmentedControl, VisuallyHidden } from '@mantine/core';
import { IconCode, IconDeviceDesktop, IconDeviceMobile, IconMoon, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Look } from './Stage';

export type View = 'edit' | Look;
const icons = {
  edit: IconPencil,
  desktop: IconDeviceDesktop,
  phone: IconDeviceMobile,
  dark: IconMoon,
  source: IconCode,
} as const;
const views = ['edit', 'desktop', 'phone', 'dark', 'source'] as const;

type Props = { value: View; onChange: (view: View) => void; canWrite: boolean; isSmall?: boolean };

export function ViewSwitch({ value, onChange, canWrite, isSmall }: Props) {
  const { t } = useTranslation('messages');
  return (
    <SegmentedControl
      aria-label={t('view')}
      value={value}
      onChange={(next) => onChange(views.find((view) => view === next) ?? 'desktop')}
      data={views
        .filter((view) => (canWrite || view !== 'edit') && (!isSmall || view !== 'source'))
        .map((view) => {
          const Icon = icons[view];
          return {
            value: view,
            label: (
              <span title={t(view)} style={{ display: 'flex' }}>
                <Icon size={16} aria-hidden />
                <VisuallyHidden>{t(view)}</VisuallyHidden>
              </span>
            ),
          };
        })}
    />
  );
}
