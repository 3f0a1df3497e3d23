/** A message in the corner with a way back, for what can be taken back. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';

export function toastUndo(message: string, action: string, onUndo: () => void) {
  const id = notifications.show({
    color: 'teal',
    autoClose: 8000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        {message}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {action}
        </Button>
      </Group>
    ),
  });
}
