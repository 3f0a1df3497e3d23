/** A condition that may be left out. */
import { Box, Stack, Switch } from '@mantine/core';
import { ConditionBuilder, type ConditionNode } from '@/pickers/ConditionBuilder';

type Props = {
  label: string;
  description?: string;
  value: unknown;
  isDisabled: boolean;
  onChange: (value: ConditionNode | null) => void;
};

const everyone: ConditionNode = { match: 'all', conditions: [] };

export function OptionalCondition({ label, description, value, isDisabled, onChange }: Props) {
  const isOn = value !== null && value !== undefined;
  return (
    <Stack gap="xs">
      <Switch
        label={label}
        description={description}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.checked ? everyone : null)}
      />
      {isOn && (
        <Box role="group" aria-label={label}>
          <ConditionBuilder value={value as ConditionNode} isReadOnly={isDisabled} onChange={onChange} />
        </Box>
      )}
    </Stack>
  );
}
