/** The recipes: by category, searched, each with a small drawing of its steps; what one makes is shown first. */
import { Group, SimpleGrid, Text, TextInput, ThemeIcon, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorView, LoadingRows } from '@/ui/States';
import { type Category, categories, type Recipe, recipesQuery } from '../api';
import { allSteps } from '../flow/graph';
import { recipeLook } from '../model';
import classes from './gallery.module.css';
import { MiniDiagram } from './MiniDiagram';
import { RecipePreview } from './RecipePreview';

export function Gallery() {
  const { t } = useTranslation('automations');
  const recipes = useQuery(recipesQuery);
  const [search, setSearch] = useState('');
  const [category, setCategory] = useState<Category | null>(null);
  const [chosen, setChosen] = useState<Recipe | null>(null);
  if (chosen) return <RecipePreview recipe={chosen} onBack={() => setChosen(null)} />;
  const wanted = search.trim().toLowerCase();
  const found = (recipes.data?.items ?? []).filter(
    (item) =>
      (category === null || item.category === category) &&
      `${item.name} ${item.description}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Text fw={600} mt="lg">
        {t('recipes')}
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        {t('recipesHint')}
      </Text>
      <TextInput
        aria-label={t('gallery.search')}
        placeholder={t('gallery.search')}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Group gap={6} my="sm">
        {[null, ...categories].map((item) => (
          <UnstyledButton
            key={item ?? 'all'}
            className={classes.chip}
            aria-pressed={category === item}
            onClick={() => setCategory(item)}
          >
            {item ? t(`gallery.categories.${item}`) : t('gallery.all')}
          </UnstyledButton>
        ))}
      </Group>
      {recipes.isPending && <LoadingRows count={4} />}
      {recipes.isError && <ErrorView error={recipes.error} onRetry={() => void recipes.refetch()} />}
      {recipes.data && found.length === 0 && <Text c="dimmed">{t('gallery.none')}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {found.map((recipe) => (
          <Card key={recipe.id} recipe={recipe} onChoose={() => setChosen(recipe)} />
        ))}
      </SimpleGrid>
    </>
  );
}

function Card({ recipe, onChoose }: { recipe: Recipe; onChoose: () => void }) {
  const { t } = useTranslation('automations');
  const Icon = recipeLook(recipe.icon);
  return (
    <UnstyledButton className="card" p="sm" onClick={onChoose}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <ThemeIcon variant="light" size={34} radius="md">
          <Icon size={18} stroke={1.7} aria-hidden />
        </ThemeIcon>
        <div className={classes.words}>
          <Text fw={600} size="sm">
            {recipe.name}
          </Text>
          <Text size="xs" c="dimmed">
            {recipe.description}
          </Text>
          <Text size="xs" c="dimmed" mt={4}>
            {t(`gallery.categories.${recipe.category}`)} ·{' '}
            {t('gallery.stepCount', { count: allSteps(recipe.document.steps).length })}
          </Text>
        </div>
        <MiniDiagram steps={recipe.document.steps} />
      </Group>
    </UnstyledButton>
  );
}
