/** The frame of the forms of tags, lists and fields: the server's complaints appear at the inputs they are about. */
import { Button, Group, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, messageOf } from '@/api/problems';

/** Puts the server's problems at their inputs, or at the name when they belong to none. */
export function showErrors(
  form: { values: object; setErrors: UseFormReturnType<object>['setErrors'] },
  error: unknown,
) {
  const fields = error instanceof ApiError ? error.fields : {};
  const isKnown = Object.keys(fields).some((name) => name in form.values);
  form.setErrors(isKnown ? fields : { name: messageOf(error) });
}

type FrameProps = { onSubmit: () => void; onClose: () => void; isSaving: boolean; children: ReactNode };

export function FormFrame({ onSubmit, onClose, isSaving, children }: FrameProps) {
  const { t } = useTranslation('contacts');
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="md">
        {children}
        <Group justify="flex-end" gap="xs" mt={4}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isSaving}>
            {t('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
