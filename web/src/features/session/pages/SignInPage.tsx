import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertCircle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isStatus, messageOf } from '@/api/problems';
import { sessionQuery, signIn } from '@/api/session';
import { Logo } from '@/ui/Logo';
import { safeNext } from '../model';
import classes from '../session.module.css';

export function SignInPage() {
  const { t } = useTranslation('session');
  const { next } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() ? null : t('required')),
      password: (value) => (value ? null : t('required')),
    },
  });
  const attempt = useMutation({
    mutationFn: (values: typeof form.values) => signIn(values.email.trim(), values.password),
    onSuccess: (opened) => client.setQueryData(sessionQuery.queryKey, opened),
  });

  if (session) return <Navigate to={safeNext(next)} replace />;
  return (
    <main className={classes.page}>
      <Paper className={classes.card} shadow="md">
        <Stack align="center" gap={4} mb="lg">
          <Logo size={44} />
          <Title order={1} size="h2" mt="sm">
            {t('title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('subtitle')}
          </Text>
        </Stack>
        <form noValidate onSubmit={form.onSubmit((values) => attempt.mutate(values))}>
          <Stack gap="md">
            {attempt.isError && (
              <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert" py="xs">
                {isStatus(attempt.error, 401) ? t('wrong') : messageOf(attempt.error)}
              </Alert>
            )}
            <TextInput
              label={t('email')}
              type="email"
              autoComplete="username"
              autoFocus
              {...form.getInputProps('email')}
            />
            <PasswordInput label={t('password')} autoComplete="current-password" {...form.getInputProps('password')} />
            <Button type="submit" fullWidth mt={4} loading={attempt.isPending}>
              {t('submit')}
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
