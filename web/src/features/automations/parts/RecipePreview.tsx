/** What a recipe would make and what of it is there already, before it is made. */
import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorView, LoadingRows } from '@/ui/States';
import { toastError } from '@/ui/toast';
import { type Ingredient, type Recipe, recipeQuery, useCreateFromRecipe } from '../api';
import classes from './gallery.module.css';
import { MiniDiagram } from './MiniDiagram';

export function RecipePreview({ recipe, onBack }: { recipe: Recipe; onBack: () => void }) {
  const { t } = useTranslation('automations');
  const preview = useQuery(recipeQuery(recipe.id));
  const navigate = useNavigate();
  const cook = useCreateFromRecipe();
  const make = () =>
    cook.mutate(recipe.id, {
      onSuccess: (made) => void navigate({ to: '/automations/$id', params: { id: String(made.id) } }),
      onError: toastError,
    });
  const items = preview.data?.ingredients ?? [];
  return (
    <Stack mt="lg" gap="md">
      <Title order={3} size="h5">
        {t('gallery.preview', { name: recipe.name })}
      </Title>
      <Group align="flex-start" wrap="nowrap" gap="lg" className={classes.preview}>
        <div className={classes.drawing}>
          <MiniDiagram steps={recipe.document.steps} width={180} height={300} />
        </div>
        <Stack gap="sm" className={classes.words}>
          <Text size="sm">{recipe.description}</Text>
          {preview.isPending && <LoadingRows count={3} />}
          {preview.isError && <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />}
          <Things title={t('gallery.makes')} items={items.filter((item) => item.id === null)} />
          <Things title={t('gallery.uses')} items={items.filter((item) => item.id !== null)} />
        </Stack>
      </Group>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t('gallery.back')}
        </Button>
        <Button loading={cook.isPending} onClick={make} data-autofocus>
          {t('gallery.make')}
        </Button>
      </Group>
    </Stack>
  );
}

function Things({ title, items }: { title: string; items: Ingredient[] }) {
  const { t } = useTranslation('automations');
  if (items.length === 0) return null;
  return (
    <section aria-label={title}>
      <Text size="xs" fw={600} c="dimmed" mb={4}>
        {title}
      </Text>
      <Stack gap={4}>
        {items.map((item) => (
          <Group key={`${item.kind}-${item.name}`} gap="xs" wrap="nowrap">
            <Badge color="gray" size="sm">
              {t(`gallery.kinds.${item.kind}`)}
            </Badge>
            <Text size="sm">{item.name}</Text>
          </Group>
        ))}
      </Stack>
    </section>
  );
}
