/** Short messages in the corner. An error stays longer than good news. */
import { notifications } from '@mantine/notifications';
import { messageOf } from '@/api/problems';

export function toast(message: string) {
  notifications.show({ message, color: 'teal', autoClose: 3500 });
}

export function toastError(error: unknown) {
  notifications.show({ message: messageOf(error), color: 'red', autoClose: 8000 });
}
