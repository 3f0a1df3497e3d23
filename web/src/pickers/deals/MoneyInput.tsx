/** An amount in whole units with its currency. */
import { Group, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { digitsOf, fromUnits, toUnits } from './money';

type Props = {
  value: number;
  currency: string;
  onChange: (value: number, currency: string) => void;
  error?: React.ReactNode;
};

export function MoneyInput({ value, currency, onChange, error }: Props) {
  const { t } = useTranslation('pickers');
  const isKnown = /^[A-Z]{3}$/.test(currency);
  const digits = isKnown ? digitsOf(currency) : 2;
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <NumberInput
        flex={1}
        label={t('deals.value')}
        error={error}
        hideControls
        min={0}
        thousandSeparator=" "
        decimalScale={digits}
        value={isKnown ? toUnits(value, currency) : value / 100}
        onChange={(next) => onChange(fromUnits(Number(next) || 0, isKnown ? currency : 'USD'), currency)}
      />
      <TextInput
        w={84}
        label={t('deals.currency')}
        maxLength={3}
        value={currency}
        onChange={(event) => {
          const next = event.currentTarget.value.toUpperCase();
          const amount = isKnown ? toUnits(value, currency) : value / 100;
          onChange(/^[A-Z]{3}$/.test(next) ? fromUnits(amount, next) : Math.round(amount * 100), next);
        }}
      />
    </Group>
  );
}
